"""Starts LocalStack with all of its child processes in its own process group.

LocalStack gives each child (kinesis-mock above all) a session of its own. When LocalStack is killed with SIGKILL, such
a child stays behind and nobody knows of it. In one group, one signal ends them all.
"""

import runpy
import subprocess

original_init = subprocess.Popen.__init__


def init_in_our_group(self, *args, **kwargs):
    kwargs["start_new_session"] = False
    original_init(self, *args, **kwargs)


subprocess.Popen.__init__ = init_in_our_group
runpy.run_module("localstack.runtime.main", run_name="__main__", alter_sys=True)
