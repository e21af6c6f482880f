package io.thyra.admission;

import io.thyra.model.Failure;
import io.thyra.model.ObjectValue;
import io.thyra.model.Status;
import io.thyra.registry.AdmissionAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Takes no more events than it is told to; without limits all of them. Its token buckets are guarded by their limit.
/// Source: kubernetes plugin/pkg/admission/eventratelimit.
final class EventRateLimit implements Plugin {
  private static final int DEFAULT_CACHE_SIZE = 4096;

  private final List<Limiter> limiters;

  EventRateLimit(List<EventLimit> limits, Clock clock) {
    this.limiters = limits.stream().map(limit -> new Limiter(limit, clock)).toList();
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes) && attributes.kind().kind().equals("Event") && !attributes.context().dryRun();
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    var errors = new ArrayList<String>();
    for (Limiter limiter : limiters) {
      String key = key(limiter.limit.type(), attributes);
      if (!limiter.accepts(key)) {
        errors.add("limit reached on type " + limiter.limit.type() + " for key " + key);
      }
    }
    if (!errors.isEmpty()) {
      String message = "Too many requests: " + Refusal.aggregate(errors);
      throw new Failure.Told(Status.failure(429, "TooManyRequests", message, null)).toException();
    }
  }

  private static String key(String type, AdmissionAttributes attributes) {
    return switch (type) {
      case "Namespace" -> attributes.namespace();
      case "User" -> attributes.context().user().name();
      case "SourceAndObject" -> {
        ObjectValue event = Resources.object(attributes);
        ObjectValue object = event.object("involvedObject");
        yield event.string("source", "component")
            + event.string("source", "host")
            + object.string("kind")
            + object.string("namespace")
            + object.string("name")
            + object.string("uid")
            + object.string("apiVersion");
      }
      default -> "";
    };
  }

  private record Bucket(double tokens, Instant at) {}

  private static final class Limiter {
    private final EventLimit limit;
    private final Clock clock;
    private final Map<String, Bucket> buckets;

    Limiter(EventLimit limit, Clock clock) {
      this.limit = limit;
      this.clock = clock;
      int size = limit.cacheSize() == 0 ? DEFAULT_CACHE_SIZE : limit.cacheSize();
      this.buckets =
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
              return size() > size;
            }
          };
    }

    synchronized boolean accepts(String key) {
      Instant now = clock.instant();
      Bucket bucket = buckets.getOrDefault(key, new Bucket(limit.burst(), now));
      double gained = Duration.between(bucket.at(), now).toNanos() / 1e9 * limit.perSecond();
      double tokens = Math.min(limit.burst(), bucket.tokens() + Math.max(0, gained));
      boolean accepted = tokens >= 1;
      buckets.put(key, new Bucket(accepted ? tokens - 1 : tokens, now));
      return accepted;
    }
  }
}
