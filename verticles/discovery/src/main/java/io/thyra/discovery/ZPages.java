package io.thyra.discovery;

import io.thyra.codec.Format;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.MediaType;
import io.thyra.codec.YamlWriter;
import io.thyra.model.Failure;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.wire.ApiRequest;
import io.thyra.wire.ApiResponse;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Answers `/statusz` and `/flagz`: text for people, and objects for programs that ask for them by name.
/// Source: apiserver pkg/server/statusz, pkg/server/flagz.
final class ZPages {
  private static final Failure REFUSAL =
      new Failure.NotAcceptable("only the following media types are accepted: application/json, application/yaml, text/plain");
  private static final DateTimeFormatter UNIX_DATE =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT);

  private final VersionInfo version;
  private final Map<String, String> flags;
  private final InstantSource clock;
  private final Instant started;

  ZPages(VersionInfo version, Map<String, String> flags, InstantSource clock) {
    this.version = version;
    this.flags = new TreeMap<>(flags);
    this.clock = clock;
    this.started = clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  ApiResponse status(ApiRequest request, List<String> paths) {
    long up = Duration.between(started, clock.instant()).toSeconds();
    ObjectValue rest =
        ObjectValue.builder()
            .put("startTime", DateTimeFormatter.ISO_INSTANT.format(started))
            .put("uptimeSeconds", up)
            .put("goVersion", version.goVersion())
            .put("binaryVersion", version.major() + "." + version.minor())
            .put("emulationVersion", version.major() + "." + version.minor())
            .put("paths", ListValue.ofStrings(paths))
            .build();
    var text = new StringBuilder();
    text.append("\nStarted: ").append(UNIX_DATE.format(started.atOffset(ZoneOffset.UTC)));
    text.append("\nUp: ").append(Duration.ofSeconds(up).toHoursPart() + Duration.ofSeconds(up).toDays() * 24).append(" hr ");
    text.append(String.format("%02d min %02d sec", Duration.ofSeconds(up).toMinutesPart(), up % 60));
    text.append("\nGo version: ").append(version.goVersion());
    text.append("\nBinary version: ").append(version.major()).append('.').append(version.minor());
    text.append("\nEmulation version: ").append(version.major()).append('.').append(version.minor());
    text.append("\nPaths: ").append(String.join(" ", paths)).append('\n');
    return answer(request, "Statusz", rest, text.toString());
  }

  ApiResponse flags(ApiRequest request) {
    var values = new TreeMap<String, Value>();
    var text = new StringBuilder();
    flags.forEach(
        (name, value) -> {
          values.put(name, Value.of(value));
          text.append(name).append(' ').append(value).append('\n');
        });
    return answer(request, "Flagz", ObjectValue.of("flags", ObjectValue.of(values)), text.toString());
  }

  private static ApiResponse answer(ApiRequest request, String kind, ObjectValue rest, String text) {
    for (MediaType clause : MediaType.parseAccept(request.accept().isEmpty() ? "*/*" : request.accept())) {
      boolean any = clause.type().equals("*");
      if (any || clause.type().equals("text") && Set.of("plain", "*").contains(clause.subtype())) {
        String head =
            "\napiserver " + kind.toLowerCase(Locale.ROOT) + "\nWarning: This endpoint is not meant to be machine parseable, has no"
                + " formatting compatibility guarantees and is for debugging purposes only.\n";
        return ApiResponse.of(200, Replies.PLAIN, Buffer.buffer(head + text));
      }
      for (Format format : List.of(Format.JSON, Format.YAML)) {
        String wanted = clause.parameters().getOrDefault("v", "");
        if (clause.covers(format)
            && "config.k8s.io".equals(clause.parameters().get("g"))
            && kind.equals(clause.parameters().get("as"))
            && Set.of("v1alpha1", "v1beta1").contains(wanted)) {
          return object(format, kind, wanted, rest);
        }
      }
    }
    throw REFUSAL.toException();
  }

  private static ApiResponse object(Format format, String kind, String version, ObjectValue rest) {
    var object =
        ObjectValue.builder()
            .put("kind", kind)
            .put("apiVersion", "config.k8s.io/" + version)
            .put("metadata", ObjectValue.of("name", Value.of("apiserver")));
    rest.forEach(object::put);
    byte[] body = format == Format.JSON ? JsonWriter.write(object.build()) : YamlWriter.write(object.build());
    List<String> warnings =
        version.equals("v1alpha1")
            ? List.of("This version of the " + kind.toLowerCase(Locale.ROOT) + " endpoint is deprecated. Please use a newer version.")
            : List.of();
    String type = format.mediaType() + ";g=config.k8s.io;v=" + version + ";as=" + kind;
    return new ApiResponse(200, type, List.of(Buffer.buffer(body)), warnings, List.of());
  }
}
