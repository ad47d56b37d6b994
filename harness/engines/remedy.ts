/** What a server or an installer says when it cannot go on, and what its reader can do about it. */
const KNOWN_TROUBLES: readonly { readonly says: RegExp; readonly remedy: string }[] = [
  {
    says: /address already in use|EADDRINUSE|Do you already have another (mysqld|server)|BindException/i,
    remedy: 'A port it needs is taken by another program. Start again; a new free port is chosen each time.',
  },
  {
    says: /No space left on device|ENOSPC|disk full|Errcode: 28/i,
    remedy: 'The disk is full. Free some space, or point NAETMUL_CACHE and TMPDIR at a larger disk.',
  },
  {
    says: /OutOfMemoryError|Cannot allocate memory|insufficient memory|MemoryError|ENOMEM|out of memory/i,
    remedy: 'The machine is short of memory. Close other programs; the four servers together need about 2 GB.',
  },
  {
    says: /error while loading shared libraries|Library not loaded|cannot open shared object file|GLIBC_[\d.]+' not found/i,
    remedy:
      'A system library is missing. Install the library that the log names, or use a server of your own with --engine.',
  },
  {
    says: /max virtual memory areas vm\.max_map_count/i,
    remedy: 'Raise the limit with: sudo sysctl -w vm.max_map_count=262144',
  },
  {
    says: /UnsupportedClassVersionError/,
    remedy: 'This Java is too old. Install Java 17 or newer, or point JAVA_HOME at one.',
  },
  {
    says: /do not match the hashes|HashMismatch|EINTEGRITY/i,
    remedy: 'What was downloaded is not what was recorded. Try again; if it stays so, look at the mirror or proxy.',
  },
  {
    says: /No matching distribution found|Could not find a version that satisfies/i,
    remedy:
      'The package index has no file for this Python and machine. Use Python 3.10 to 3.13 on Linux or macOS, x64 or arm64, and see that the index or mirror is complete.',
  },
  {
    says: /Temporary failure in name resolution|ENOTFOUND|EAI_AGAIN|Network is unreachable|Could not transfer artifact|Unknown host|Connection (timed out|refused)|NewConnectionError|ECONNREFUSED|ETIMEDOUT/i,
    remedy: 'The package registry could not be reached. See that the network, the proxy and the mirrors work.',
  },
  {
    says: /certificate verify failed|self.signed certificate|PKIX path building failed/i,
    remedy: 'The registry’s certificate is not trusted. Give pip, npm and Maven your organisation’s certificate.',
  },
  {
    says: /ensurepip is not available|No module named '?(venv|ensurepip)/i,
    remedy: 'This Python has no venv. On Debian and Ubuntu: sudo apt install python3-venv',
  },
  {
    says: /Permission denied|AccessDeniedException|EACCES|Errcode: 13|Operation not permitted/i,
    remedy:
      'It may not read or write a file. See who owns the folder that the log names; a mysqld of the system may be held by AppArmor to its own folders.',
  },
];

/** The likely way out of a failure, judged by the last lines of a log; undefined when nothing is recognised. */
export function likelyRemedy(lines: readonly string[]): string | undefined {
  const text = lines.join('\n');
  return KNOWN_TROUBLES.find((trouble) => trouble.says.test(text))?.remedy;
}
