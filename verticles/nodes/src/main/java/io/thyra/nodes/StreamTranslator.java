package io.thyra.nodes;

import io.thyra.backends.AnswerHead;
import io.thyra.backends.BackendTrouble;
import io.thyra.backends.Connections;
import io.thyra.backends.ServiceResolver.Address;
import io.thyra.backends.Tunnel;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.wire.RawConnection;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A client that speaks `v5.channel.k8s.io` over a WebSocket, and a kubelet that speaks SPDY. Each is read at the pace of the
/// other. Owned by the event loop of the request.
///
///     connecting -> waiting for the head -> streaming -> told the status
///
/// Source: apiserver pkg/util/proxy/streamtranslator.go and websocket.go; client-go tools/remotecommand.
final class StreamTranslator {
  static final String PROTOCOL = "v5.channel.k8s.io";
  private static final List<String> SPDY_PROTOCOLS =
      List.of(PROTOCOL, "v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io", "channel.k8s.io");
  private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;
  private static final int END = 255;
  private static final int ERROR_BYTES_MAX = 1 << 20;
  private static final long PING_MILLIS = 5_000;
  private static final long REFUSAL_MILLIS = 10_000;

  private final Vertx vertx;
  private final Asked asked;
  private final Connections connections;
  private final Address address;
  private final String target;
  private final Streams wanted;
  private final Buffer error = Buffer.buffer();
  private Buffer received = Buffer.buffer();
  private @Nullable WebSocket client;
  private @Nullable NetSocket kubelet;
  private @Nullable SpdyClient spdy;
  private boolean structured;
  private boolean over;
  private long timer = -1;
  private int errorStream;
  private int stdin;
  private int stdout;
  private int stderr;
  private int resize;

  StreamTranslator(Vertx vertx, Asked asked, Connections connections, Address address, String target, Streams wanted) {
    this.vertx = vertx;
    this.asked = asked;
    this.connections = connections;
    this.address = address;
    this.target = target;
    this.wanted = wanted;
  }

  void open() {
    NetSocket socket;
    try {
      socket = RawConnection.take(asked.request(), WebSocket.head(asked.headers(), PROTOCOL));
    } catch (IllegalStateException e) {
      asked.outcome().fail(new Failure.Unclassified(500, "request connection cannot be hijacked: " + e.getMessage()));
      return;
    }
    // What the client sends waits until there is somebody to hear it.
    socket.pause();
    var opened = new WebSocket(socket, this::heard);
    client = opened;
    socket.exceptionHandler(_ -> socket.close());
    socket.closeHandler(_ -> gone());
    opened.start();
    opened.send(Buffer.buffer(new byte[] {(byte) (wanted.stdout() ? STDOUT : wanted.stderr() ? STDERR : ERROR)}));
    connections.connect(address).onComplete(this::connected, failure -> unsent(BackendTrouble.text(failure, address)));
  }

  private void gone() {
    over = true;
    vertx.cancelTimer(timer);
    if (spdy != null) {
      spdy.close();
    }
    if (kubelet != null) {
      kubelet.close();
    }
    asked.outcome().done();
  }

  private void unsent(String why) {
    finish(ExitStatus.internal("error sending request: Post " + GoText.quote("https://" + address.text() + target) + ": " + why));
  }

  private void connected(NetSocket socket) {
    kubelet = socket;
    if (over) {
      socket.close();
      return;
    }
    MultiMap headers = HttpHeaders.headers().add("Connection", "Upgrade").add("Upgrade", "SPDY/3.1");
    SPDY_PROTOCOLS.forEach(protocol -> headers.add("X-Stream-Protocol-Version", protocol));
    socket.handler(
        piece -> {
          received.appendBuffer(piece);
          head(socket);
        });
    socket.exceptionHandler(_ -> socket.close());
    socket.closeHandler(_ -> unsent("EOF"));
    socket.write(Buffer.buffer(Tunnel.requestHead("POST", target, headers, address).getBytes(StandardCharsets.ISO_8859_1)));
  }

  private void head(NetSocket socket) {
    Optional<AnswerHead> found = AnswerHead.of(received);
    if (found.isEmpty()) {
      if (received.length() > AnswerHead.BYTES_MAX) {
        unsent("net/http: HTTP/1.x transport connection broken: the head is too large");
      }
      return;
    }
    AnswerHead answer = found.get();
    received = received.getBuffer(answer.length(), received.length());
    String location = answer.headers().get("Location");
    if (answer.code() == 0) {
      unsent("malformed HTTP response " + GoText.quote(answer.line()));
    } else if (answer.code() == 101 && isSpdy(answer.headers())) {
      stream(socket, answer.headers().get("X-Stream-Protocol-Version"));
    } else if (REDIRECTS.contains(answer.code()) && location != null) {
      finish(ExitStatus.internal("error sending request: Post " + GoText.quote(location) + ": redirect not allowed"));
    } else {
      refused(socket, answer);
    }
  }

  private static boolean isSpdy(MultiMap headers) {
    String connection = headers.get("Connection");
    String upgrade = headers.get("Upgrade");
    return connection != null
        && connection.toLowerCase(Locale.ROOT).contains("upgrade")
        && upgrade != null
        && upgrade.toLowerCase(Locale.ROOT).contains("spdy/3.1");
  }

  private void refused(NetSocket socket, AnswerHead answer) {
    Runnable deliver = () -> finish(ExitStatus.refused(answer.body(received)));
    timer = vertx.setTimer(REFUSAL_MILLIS, _ -> deliver.run());
    socket.closeHandler(_ -> deliver.run());
    socket.handler(
        piece -> {
          received.appendBuffer(piece);
          if (answer.isWhole(received) || received.length() > ERROR_BYTES_MAX) {
            deliver.run();
          }
        });
    if (answer.isWhole(received)) {
      deliver.run();
    }
  }

  private void stream(NetSocket socket, @Nullable String protocol) {
    WebSocket to = client;
    if (over || to == null) {
      return;
    }
    String spoken = protocol == null ? "channel.k8s.io" : protocol;
    structured = spoken.equals(PROTOCOL) || spoken.equals("v4.channel.k8s.io");
    var opened = new SpdyClient(bytes -> toKubelet(socket, bytes), new Heard());
    spdy = opened;
    errorStream = opened.open("error");
    stdin = wanted.stdin() ? opened.open("stdin") : 0;
    stdout = wanted.stdout() ? opened.open("stdout") : 0;
    stderr = wanted.stderr() && !wanted.tty() ? opened.open("stderr") : 0;
    boolean resizes = wanted.tty() && !spoken.equals("v2.channel.k8s.io") && !spoken.equals("channel.k8s.io");
    resize = resizes ? opened.open("resize") : 0;
    timer = vertx.setPeriodic(PING_MILLIS, _ -> opened.ping());
    socket.handler(opened::receive);
    socket.closeHandler(_ -> finish(ExitStatus.of(error, structured)));
    Buffer early = received;
    received = Buffer.buffer();
    to.socket().resume();
    if (early.length() > 0) {
      opened.receive(early);
    }
  }

  private void toKubelet(NetSocket socket, Buffer bytes) {
    socket.write(bytes);
    WebSocket from = client;
    if (from != null && socket.writeQueueFull()) {
      from.socket().pause();
      socket.drainHandler(_ -> from.socket().resume());
    }
  }

  /// What the client said: a channel and its bytes.
  private void heard(Buffer message) {
    SpdyClient to = spdy;
    if (to == null || over || message.length() == 0) {
      return;
    }
    int channel = message.getUnsignedByte(0);
    Buffer data = message.getBuffer(1, message.length());
    if (channel == STDIN && stdin != 0 && data.length() > 0) {
      to.send(stdin, data);
    } else if (channel == RESIZE && resize != 0 && data.length() > 0) {
      to.send(resize, data);
    } else if (channel == END && data.length() > 0 && data.getUnsignedByte(0) == STDIN) {
      endStdin(to);
    }
  }

  private void endStdin(SpdyClient to) {
    if (stdin != 0) {
      to.end(stdin);
      stdin = 0;
    }
  }

  private final class Heard implements SpdyClient.Listener {
    @Override
    public void data(int stream, Buffer data) {
      if (stream == errorStream) {
        if (error.length() + data.length() <= ERROR_BYTES_MAX) {
          error.appendBuffer(data);
        }
      } else if (stream == stdout) {
        tell(STDOUT, data);
      } else if (stream == stderr) {
        tell(STDERR, data);
      }
    }

    @Override
    public void ended(int stream) {
      if (stream == errorStream) {
        errorStream = 0;
      } else if (stream == stdout) {
        stdout = 0;
      } else if (stream == stderr) {
        stderr = 0;
      } else if (stream == stdin && spdy != null) {
        endStdin(spdy);
      }
      if (errorStream == 0 && stdout == 0 && stderr == 0) {
        finish(ExitStatus.of(error, structured));
      }
    }

    @Override
    public void gone() {
      finish(ExitStatus.of(error, structured));
    }
  }

  private void tell(int channel, Buffer data) {
    WebSocket to = client;
    NetSocket from = kubelet;
    if (to == null || over) {
      return;
    }
    to.send(Buffer.buffer(data.length() + 1).appendByte((byte) channel).appendBuffer(data));
    if (from != null && to.socket().writeQueueFull()) {
      from.pause();
      to.socket().drainHandler(_ -> from.resume());
    }
  }

  /// Tells how it ended, and ends.
  private void finish(ObjectValue status) {
    WebSocket to = client;
    if (over || to == null) {
      return;
    }
    tell(ERROR, Buffer.buffer(GoText.json(status)));
    over = true;
    vertx.cancelTimer(timer);
    to.socket().resume();
    to.close(WebSocket.NORMAL);
    if (kubelet != null) {
      kubelet.close();
    }
  }
}
