package io.thyra.groups;

import io.thyra.machinery.LabelSelector;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The forms that table cells of several kinds share.
/// Source: pkg/printers/internalversion/printers.go, apimachinery pkg/util/duration.
public final class Cells {
  public static final String NONE = "<none>";
  public static final String UNSET = "<unset>";
  public static final String UNKNOWN = "<unknown>";

  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long YEAR = 365 * DAY;

  private Cells() {}

  public static Value text(String text) {
    return new StringValue(text);
  }

  /// How long ago the object was made.
  public static String age(ObjectValue object, Instant now) {
    return since(object.string("metadata", "creationTimestamp"), now);
  }

  /// How long ago a moment was, `<unknown>` for none.
  public static String since(String timestamp, Instant now) {
    return instant(timestamp).map(then -> human(Duration.between(then, now))).orElse(UNKNOWN);
  }

  public static Optional<Instant> instant(String timestamp) {
    if (timestamp.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(timestamp));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /// A duration in two or three figures, as kubectl shows ages.
  public static String human(Duration duration) {
    long seconds = duration.toMillis() / 1000;
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 0) {
      return "0s";
    }
    if (seconds < 2 * MINUTE) {
      return seconds + "s";
    }
    if (seconds < 10 * MINUTE) {
      return pair(seconds, MINUTE, "m", 1, 60, "s");
    }
    if (seconds < 3 * HOUR) {
      return seconds / MINUTE + "m";
    }
    if (seconds < 8 * HOUR) {
      return pair(seconds, HOUR, "h", MINUTE, 60, "m");
    }
    if (seconds < 2 * DAY) {
      return seconds / HOUR + "h";
    }
    if (seconds < 8 * DAY) {
      return pair(seconds, DAY, "d", HOUR, 24, "h");
    }
    if (seconds < 2 * YEAR) {
      return seconds / DAY + "d";
    }
    if (seconds < 8 * YEAR) {
      return pair(seconds, YEAR, "y", DAY, 365, "d");
    }
    return seconds / YEAR + "y";
  }

  private static String pair(long seconds, long unit, String letter, long smaller, long wrap, String smallerLetter) {
    long rest = seconds / smaller % wrap;
    return rest == 0 ? seconds / unit + letter : seconds / unit + letter + rest + smallerLetter;
  }

  public static String labels(ObjectValue labels) {
    String text =
        labels.strings().entrySet().stream()
            .sorted(java.util.Map.Entry.comparingByKey())
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
    return text.isEmpty() ? NONE : text;
  }

  /// A label selector object as text; absent ones select nothing.
  public static String selector(@Nullable Value selector) {
    try {
      String text = LabelSelector.fromObject(selector).toString();
      return text.isEmpty() ? NONE : text;
    } catch (IllegalArgumentException _) {
      return "<error>";
    }
  }

  /// One field of each item, joined by commas.
  public static String joined(ListValue items, String field) {
    return items.objects().stream().map(item -> item.string(field)).collect(Collectors.joining(","));
  }

  public static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }

  /// Up to three texts, and how many more there are.
  public static String some(List<String> texts) {
    String shown = texts.stream().limit(3).collect(Collectors.joining(","));
    if (texts.size() > 3) {
      return shown + " + " + (texts.size() - 3) + " more...";
    }
    return shown.isEmpty() ? UNSET : shown;
  }

  /// Addresses of a load balancer, sorted, each once.
  public static String loadBalancer(ListValue ingress) {
    return ingress.objects().stream()
        .map(i -> i.string("ip").isEmpty() ? i.string("hostname") : i.string("ip"))
        .filter(text -> !text.isEmpty())
        .distinct()
        .sorted(Comparator.naturalOrder())
        .collect(Collectors.joining(","));
  }

  /// The status of a condition, empty when there is none.
  public static String condition(ListValue conditions, String type) {
    return conditions.objects().stream()
        .filter(c -> c.string("type").equals(type))
        .findFirst()
        .map(c -> c.string("status"))
        .orElse("");
  }

  public static String quantity(ObjectValue quantities, String name) {
    String text = quantities.string(name);
    return text.isEmpty() ? "0" : text;
  }

  /// A number or text as Go's %v prints it.
  public static String plain(@Nullable Value value, String absent) {
    return value == null || value.isNull() ? absent : value.toString();
  }

  public static String accessModes(ListValue modes) {
    List<String> given = modes.strings();
    var out = new java.util.ArrayList<String>();
    String[][] words = {
      {"ReadWriteOnce", "RWO"}, {"ReadOnlyMany", "ROX"}, {"ReadWriteMany", "RWX"}, {"ReadWriteOncePod", "RWOP"}
    };
    for (String[] word : words) {
      if (given.contains(word[0])) {
        out.add(word[1]);
      }
    }
    return String.join(",", out);
  }
}
