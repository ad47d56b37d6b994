import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.Writer;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Renders templates with Apache Velocity and finds values with Jayway JsonPath. Arguments: name=classpath, one for each
 * engine to offer. Reads requests as lines of JSON (see testing.ts) and answers each with a line {"output": text} or
 * {"error": message}.
 */
public class Oracle {
  private static final Map<String, ClassLoader> LOADERS = new HashMap<>();
  /** Engines of templates that define no macros, and so can share one. */
  private static final Map<String, Velocity> SHARED = new HashMap<>();

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
        value = answer(request);
      } catch (InvocationTargetException e) {
        key = "error";
        value = String.valueOf(e.getCause());
      }
      out.println("{\"" + key + "\":" + Json.quote(value) + "}");
    }
  }

  private static String answer(Map<?, ?> request) throws Exception {
    String engine = (String) request.get("engine");
    ClassLoader loader = LOADERS.get(engine);
    Thread.currentThread().setContextClassLoader(loader);
    if (engine.startsWith("json-path")) {
      return new JsonPath(loader).find((String) request.get("document"), (String) request.get("path"));
    }
    String template = (String) request.get("template");
    if (request.containsKey("milliseconds")) {
      return time(loader, template, (String) request.get("body"), (Integer) request.get("milliseconds"));
    }
    boolean stateful = template.contains("macro") || template.contains("evaluate");
    Velocity velocity = stateful ? new Velocity(loader) : SHARED.get(engine);
    if (velocity == null) SHARED.put(engine, velocity = new Velocity(loader));
    return velocity.evaluate(template, (Map<?, ?>) request.get("context"));
  }

  /** Times a second that a template, read once, is rendered; every rendering reads its body anew. */
  private static String time(ClassLoader velocity, String source, String body, int milliseconds) throws Exception {
    Merge template = new Velocity(velocity).parse(source);
    JsonPath jsonPath = new JsonPath(LOADERS.get("json-path-2.9.0"));
    long end = System.nanoTime() + milliseconds * 1_000_000L;
    long start = System.nanoTime();
    long now = start;
    int count = 0;
    while (now < end) {
      Map<String, Object> context = new HashMap<>();
      context.put("input", new Input(body, jsonPath));
      context.put("util", new Util());
      template.render(context);
      count++;
      now = System.nanoTime();
    }
    return String.valueOf(count * 1e9 / (now - start));
  }

  private interface Merge {
    String render(Map<?, ?> values) throws Exception;
  }

  private static class Velocity {
    private final ClassLoader loader;
    private final Object engine;
    private final Class<?> contextClass;
    private final Class<?> contextInterface;
    private final Method put;
    private final Method evaluate;

    Velocity(ClassLoader loader) throws Exception {
      this.loader = loader;
      Class<?> engineClass = loader.loadClass("org.apache.velocity.app.VelocityEngine");
      engine = engineClass.getConstructor().newInstance();
      contextClass = loader.loadClass("org.apache.velocity.VelocityContext");
      contextInterface = loader.loadClass("org.apache.velocity.context.Context");
      put = contextClass.getMethod("put", String.class, Object.class);
      evaluate = engineClass.getMethod("evaluate", contextInterface, Writer.class, String.class, String.class);
      Method set = engineClass.getMethod("setProperty", String.class, Object.class);
      set.invoke(engine, "directive.foreach.maxloops", 1000);
      set.invoke(engine, "directive.foreach.max_loops", 1000);
      set.invoke(engine, "runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
      // Where templates come from that are parsed once and rendered often; the second names are 2.4.1's.
      String loaderClass = "org.apache.velocity.runtime.resource.loader.StringResourceLoader";
      set.invoke(engine, "resource.loader", "string");
      set.invoke(engine, "string.resource.loader.class", loaderClass);
      set.invoke(engine, "resource.loaders", "string");
      set.invoke(engine, "resource.loader.string.class", loaderClass);
    }

    String evaluate(String template, Map<?, ?> values) throws Exception {
      StringWriter writer = new StringWriter();
      evaluate.invoke(engine, context(values), writer, "template", template);
      return writer.toString();
    }

    Merge parse(String source) throws Exception {
      engine.getClass().getMethod("init").invoke(engine);
      Class<?> loaderClass = loader.loadClass("org.apache.velocity.runtime.resource.loader.StringResourceLoader");
      Object repository = loaderClass.getMethod("getRepository").invoke(null);
      Class<?> repositoryClass = loader.loadClass("org.apache.velocity.runtime.resource.util.StringResourceRepository");
      repositoryClass.getMethod("putStringResource", String.class, String.class).invoke(repository, source, source);
      Object template = engine.getClass().getMethod("getTemplate", String.class).invoke(engine, source);
      Method merge = template.getClass().getMethod("merge", contextInterface, Writer.class);
      return values -> {
        StringWriter writer = new StringWriter();
        merge.invoke(template, context(values), writer);
        return writer.toString();
      };
    }

    private Object context(Map<?, ?> values) throws Exception {
      Object context = contextClass.getConstructor().newInstance();
      for (Map.Entry<?, ?> entry : values.entrySet()) put.invoke(context, entry.getKey(), entry.getValue());
      return context;
    }
  }

  /** Jayway's defaults: json-smart, permissive; a path is read anew each time, since some functions change it. */
  public static class JsonPath {
    private final Object configuration;
    private final Object provider;
    private final Method parse;
    private final Method compile;
    private final Method read;
    private final Method toJson;
    private final Object style;
    private final Object noPredicates;

    JsonPath(ClassLoader loader) throws Exception {
      Class<?> configurationClass = loader.loadClass("com.jayway.jsonpath.Configuration");
      Class<?> pathClass = loader.loadClass("com.jayway.jsonpath.JsonPath");
      Class<?> providerClass = loader.loadClass("com.jayway.jsonpath.spi.json.JsonProvider");
      Class<?> styleClass = loader.loadClass("net.minidev.json.JSONStyle");
      noPredicates = Array.newInstance(loader.loadClass("com.jayway.jsonpath.Predicate"), 0);
      configuration = configurationClass.getMethod("defaultConfiguration").invoke(null);
      provider = configurationClass.getMethod("jsonProvider").invoke(configuration);
      parse = providerClass.getMethod("parse", String.class);
      compile = pathClass.getMethod("compile", String.class, noPredicates.getClass());
      read = pathClass.getMethod("read", Object.class, configurationClass);
      toJson = loader.loadClass("net.minidev.json.JSONValue").getMethod("toJSONString", Object.class, styleClass);
      // What Jayway itself writes maps and lists with.
      style = styleClass.getField("LT_COMPRESS").get(null);
    }

    Object parse(String document) throws Exception {
      return parse.invoke(provider, document);
    }

    Object read(Object document, String path) throws Exception {
      return read.invoke(compile.invoke(null, path, noPredicates), document, configuration);
    }

    String write(Object value) throws Exception {
      return (String) toJson.invoke(null, value, style);
    }

    String find(String document, String path) throws Exception {
      return write(read(parse(document), path));
    }
  }

  /** As much of `$input` as the timed templates use. */
  public static class Input {
    private final String body;
    private final JsonPath jsonPath;
    private Object document;

    Input(String body, JsonPath jsonPath) {
      this.body = body;
      this.jsonPath = jsonPath;
    }

    public String getBody() {
      return body;
    }

    public Object path(String path) throws Exception {
      if (document == null) document = jsonPath.parse(body);
      return jsonPath.read(document, path);
    }

    public String json(String path) throws Exception {
      return jsonPath.write(path(path));
    }
  }

  /** As much of `$util` as the timed templates use. */
  public static class Util {
    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public String urlDecode(String text) {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
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
