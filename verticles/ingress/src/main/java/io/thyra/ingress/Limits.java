package io.thyra.ingress;

import java.time.Duration;

/// Bounds of what clients may ask for. The defaults are upstream's where upstream has one.
///
/// @param bodyBytesMax of one request body
/// @param headerBytesMax of all headers of a request together, and of its request line
/// @param streamsMax concurrent HTTP/2 streams of one connection (`--http2-max-streams-per-connection`)
/// @param streamWindowBytes what one HTTP/2 stream may have under way towards the server
/// @param requestTimeout of requests that are not long-running (`--request-timeout`)
/// @param idleTimeout of connections without a request
/// @param watchBufferBytesMax what may wait for one slow watch client
/// @param stuckTimeout after which a client that takes nothing is let go
public record Limits(
    int bodyBytesMax,
    int headerBytesMax,
    int streamsMax,
    int streamWindowBytes,
    Duration requestTimeout,
    Duration idleTimeout,
    int watchBufferBytesMax,
    Duration stuckTimeout) {
  /// Source: apiserver pkg/server/secure_serving.go (100 streams, 256 KiB a stream, 1 MiB of headers, 90 s).
  public static final Limits DEFAULT =
      new Limits(3 * 1024 * 1024, 1 << 20, 100, 256 * 1024, Duration.ofSeconds(60), Duration.ofSeconds(90), 1 << 20, Duration.ofSeconds(60));
}
