package io.thyra.ingress;

import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The value of the Date header, made once a second. Owned by one event loop.
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private long second = Long.MIN_VALUE;
  private CharSequence text = "";

  CharSequence at(Instant now) {
    if (now.getEpochSecond() != second) {
      second = now.getEpochSecond();
      text = HttpHeaders.createOptimized(FORMAT.format(now));
    }
    return text;
  }
}
