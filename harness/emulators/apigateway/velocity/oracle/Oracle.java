import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Renders templates with Apache Velocity. Arguments: version=classpath, one for each Velocity to offer. Reads JSON
 * lines {"engine": version, "template": text, "context": {...}} and answers each with a line {"output": text} or
 * {"error": message}. Every template has an engine of its own, so that none sees another's macros.
 */
public class Oracle {
  private static final Map<String, ClassLoader> LOADERS = new HashMap<>();

  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      int equals = arg.indexOf('=');
      List<URL> urls = new ArrayList<>();
      for (String path : arg.substring(equals + 1).split(File.pathSeparator)) urls.add(new File(path).toURI().toURL());
      LOADERS.put(arg.substring(0, equals), new URLClassLoader(urls.toArray(new URL[0]), Oracle.class.getClassLoader()));
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    System.setErr(new PrintStream(PrintStream.nullOutputStream()));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Map<?, ?> request = (Map<?, ?>) new Json(line).read();
      String key = "output";
      String value;
      try {
        value = render((String) request.get("engine"), (String) request.get("template"), (Map<?, ?>) request.get("context"));
      } catch (InvocationTargetException e) {
        key = "error";
        value = String.valueOf(e.getCause());
      }
      out.println("{\"" + key + "\":" + Json.quote(value) + "}");
    }
  }

  private static String render(String version, String template, Map<?, ?> values) throws Exception {
    ClassLoader loader = LOADERS.get(version);
    Thread.currentThread().setContextClassLoader(loader);
    Class<?> engineClass = loader.loadClass("org.apache.velocity.app.VelocityEngine");
    Class<?> contextClass = loader.loadClass("org.apache.velocity.VelocityContext");
    Object engine = engineClass.getConstructor().newInstance();
    Method set = engineClass.getMethod("setProperty", String.class, Object.class);
    set.invoke(engine, "directive.foreach.maxloops", 1000);
    set.invoke(engine, "directive.foreach.max_loops", 1000);
    if (version.startsWith("1.")) {
      set.invoke(engine, "runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
    }
    Object context = contextClass.getConstructor().newInstance();
    Method put = contextClass.getMethod("put", String.class, Object.class);
    for (Map.Entry<?, ?> entry : values.entrySet()) put.invoke(context, entry.getKey(), entry.getValue());
    Method evaluate =
        engineClass.getMethod(
            "evaluate", loader.loadClass("org.apache.velocity.context.Context"), Writer.class, String.class, String.class);
    StringWriter writer = new StringWriter();
    evaluate.invoke(engine, context, writer, "template", template);
    return writer.toString();
  }

  /** As much of JSON as the requests need: numbers become Integer, Long or Double. */
  private static class Json {
    private final String text;
    private int at = 0;

    Json(String text) {
      this.text = text;
    }

    Object read() {
      char c = text.charAt(at);
      if (c == '"') return string();
      if (c == '{') {
        Map<String, Object> map = new LinkedHashMap<>();
        for (at++; text.charAt(at) != '}'; ) {
          if (text.charAt(at) == ',') at++;
          String key = string();
          at++;
          map.put(key, read());
        }
        at++;
        return map;
      }
      if (c == '[') {
        List<Object> list = new ArrayList<>();
        for (at++; text.charAt(at) != ']'; ) {
          if (text.charAt(at) == ',') at++;
          list.add(read());
        }
        at++;
        return list;
      }
      int start = at;
      while (at < text.length() && ",]}".indexOf(text.charAt(at)) < 0) at++;
      String word = text.substring(start, at);
      if (word.equals("null")) return null;
      if (word.equals("true") || word.equals("false")) return word.equals("true");
      if (word.matches(".*[.eE].*")) return Double.valueOf(word);
      long number = Long.parseLong(word);
      if (number == (int) number) return (int) number;
      return number;
    }

    private String string() {
      StringBuilder result = new StringBuilder();
      for (at++; text.charAt(at) != '"'; at++) {
        char c = text.charAt(at);
        if (c != '\\') {
          result.append(c);
          continue;
        }
        c = text.charAt(++at);
        if (c == 'u') {
          result.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
          at += 4;
        } else {
          int control = "bfnrt".indexOf(c);
          result.append(control < 0 ? c : "\b\f\n\r\t".charAt(control));
        }
      }
      at++;
      return result.toString();
    }

    static String quote(String value) {
      StringBuilder result = new StringBuilder("\"");
      for (char c : value.toCharArray()) {
        if (c < ' ' || c == '"' || c == '\\' || c > '~') result.append(String.format("\\u%04x", (int) c));
        else result.append(c);
      }
      return result.append('"').toString();
    }
  }
}
