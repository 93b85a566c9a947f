package dev.pledge.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A headless Chromium, driven over its debugging protocol. Not safe for threads. */
final class Browser implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("listening on ws://([^/]+)/");
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private final Process process;
  private final WebSocket socket;
  private final BlockingQueue<JsonNode> messages;
  private final List<String> complaints = new ArrayList<>();
  private int last;

  /** How many pages were loaded so far. */
  private int loads;

  private Browser(Process process, WebSocket socket, BlockingQueue<JsonNode> messages) {
    this.process = process;
    this.socket = socket;
    this.messages = messages;
  }

  /** Starts the browser that {@code PLEDGE_CHROMIUM} names, or one on the path. */
  static Browser open() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                program(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + Files.createTempDirectory("pledge-browser"),
                "about:blank")
            .redirectErrorStream(true)
            .start();
    String address = address(process);
    HttpClient client = HttpClient.newHttpClient();
    String targets =
        client
            .send(
                HttpRequest.newBuilder(URI.create("http://" + address + "/json/list")).build(),
                BodyHandlers.ofString())
            .body();
    BlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();
    String page = "";
    for (JsonNode target : Json.ours(targets.getBytes(StandardCharsets.UTF_8))) {
      if (target.path("type").asText().equals("page")) {
        page = target.path("webSocketDebuggerUrl").asText();
      }
    }
    WebSocket socket =
        client.newWebSocketBuilder().buildAsync(URI.create(page), new Listener(messages)).join();
    Browser browser = new Browser(process, socket, messages);
    browser.call("Page.enable", Json.object());
    browser.call("Log.enable", Json.object());
    browser.call("Runtime.enable", Json.object());
    // Without it nothing in the page has the focus as style sheets see it.
    browser.call("Emulation.setFocusEmulationEnabled", Json.object().put("enabled", true));
    return browser;
  }

  private static String program() {
    String named = System.getenv("PLEDGE_CHROMIUM");
    if (named != null && !named.isBlank()) {
      return named;
    }
    for (String directory : System.getenv("PATH").split(":", -1)) {
      for (String name : NAMES) {
        Path program = Path.of(directory, name);
        if (Files.isExecutable(program)) {
          return program.toString();
        }
      }
    }
    throw new AssertionError("no Chromium found; install it or set PLEDGE_CHROMIUM");
  }

  private static String address(Process process) throws IOException {
    // Not closed: the browser goes on writing.
    BufferedReader out = process.inputReader();
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        return listening.group(1);
      }
    }
    throw new AssertionError("the browser did not start: " + said);
  }

  private static final class Listener implements WebSocket.Listener {
    private final BlockingQueue<JsonNode> messages;
    private final StringBuilder text = new StringBuilder();

    Listener(BlockingQueue<JsonNode> messages) {
      this.messages = messages;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean whole) {
      text.append(data);
      if (whole) {
        messages.add(Json.ours(text.toString().getBytes(StandardCharsets.UTF_8)));
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }
  }

  /** Shows a page in a window {@code width} wide and waits until it is loaded. */
  void visit(String url, int width, String scheme) throws InterruptedException {
    complaints.clear();
    call(
        "Emulation.setDeviceMetricsOverride",
        Json.object()
            .put("width", width)
            .put("height", 900)
            .put("deviceScaleFactor", 1)
            .put("mobile", width < 600));
    ObjectNode media = Json.object();
    media.putArray("features").addObject().put("name", "prefers-color-scheme").put("value", scheme);
    call("Emulation.setEmulatedMedia", media);
    int before = loads;
    call("Page.navigate", Json.object().put("url", url));
    awaitLoadAfter(before);
  }

  /** Presses what an expression finds, and waits until the page that comes of it is loaded. */
  void press(String element) throws InterruptedException {
    int before = loads;
    String found =
        evaluate(
            "(e => { if (!e) return 'nothing'; e.click(); return 'pressed'; })(" + element + ")");
    if (found.equals("nothing")) {
      throw new AssertionError("there is nothing to press: " + element);
    }
    awaitLoadAfter(before);
  }

  private void awaitLoadAfter(int before) throws InterruptedException {
    while (loads == before) {
      var _ = next();
    }
  }

  /** As if it had never been anywhere. */
  void forgetCookies() throws InterruptedException {
    call("Network.clearBrowserCookies", Json.object());
  }

  /** The whole page as a picture. */
  void screenshot(Path file) throws IOException, InterruptedException {
    JsonNode size = call("Page.getLayoutMetrics", Json.object()).at("/result/cssContentSize");
    ObjectNode clip = Json.object();
    clip.put("captureBeyondViewport", true).put("format", "png");
    clip.putObject("clip")
        .put("x", 0)
        .put("y", 0)
        .put("width", size.path("width").asDouble())
        .put("height", size.path("height").asDouble())
        .put("scale", 1);
    String png = call("Page.captureScreenshot", clip).at("/result/data").asText();
    Files.write(file, Base64.getDecoder().decode(png));
  }

  /** Which languages the pages visited from now on are asked for in. */
  void speak(String acceptLanguage) throws InterruptedException {
    send("Accept-Language", acceptLanguage);
  }

  /** Pages visited from now on are asked for with this header, and with no other of this kind. */
  void send(String header, String value) throws InterruptedException {
    call("Network.enable", Json.object());
    ObjectNode headers = Json.object();
    headers.putObject("headers").put(header, value);
    call("Network.setExtraHTTPHeaders", headers);
  }

  /** Whether the pages visited from now on may run scripts of theirs. */
  void runScripts(boolean may) throws InterruptedException {
    call("Emulation.setScriptExecutionDisabled", Json.object().put("value", !may));
  }

  /** The value of an expression in the page, as text; what a promise of it comes to. */
  String evaluate(String expression) throws InterruptedException {
    JsonNode result =
        call(
                "Runtime.evaluate",
                Json.object().put("expression", expression).put("awaitPromise", true))
            .path("result");
    if (result.has("exceptionDetails")) {
      throw new AssertionError("the page failed: " + result.path("exceptionDetails"));
    }
    return result.at("/result/value").asText();
  }

  /** What the browser had to say about the page: blocked styles, missing files, failures. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  private JsonNode call(String method, ObjectNode parameters) throws InterruptedException {
    int id = ++last;
    ObjectNode call = Json.object().put("id", id).put("method", method);
    call.set("params", parameters);
    socket.sendText(call.toString(), true).join();
    JsonNode message = next();
    while (message.path("id").asInt() != id) {
      message = next();
    }
    return message;
  }

  private JsonNode next() throws InterruptedException {
    JsonNode message = messages.poll(60, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("the browser does not answer");
    }
    String method = message.path("method").asText();
    if (method.equals("Page.loadEventFired")) {
      loads++;
    }
    // A browser asks for an icon of its own accord; there is none.
    if ((method.equals("Log.entryAdded") || method.equals("Runtime.exceptionThrown"))
        && !message.toString().contains("/favicon.ico")) {
      complaints.add(message.path("params").toString());
    }
    return message;
  }

  @Override
  public void close() {
    socket.abort();
    process.destroyForcibly();
  }
}
