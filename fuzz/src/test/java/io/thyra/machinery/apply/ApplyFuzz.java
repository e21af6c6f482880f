package io.thyra.machinery.apply;

import io.thyra.codec.Canonical;
import io.thyra.codec.DecodeException;
import io.thyra.codec.YamlReader;
import io.thyra.fuzz.Refusals;
import io.thyra.fuzz.Samples;
import io.thyra.model.ObjectValue;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/// Configurations of server-side apply in YAML: the first byte chooses the object. What is applied is applied over what another
/// manager owns, and once more; then another manager gives up what it applied.
public final class ApplyFuzz {
  private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  private ApplyFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Samples.choose(data, ApplyFuzz::apply);
  }

  private static void apply(Samples sample, byte[] rest) {
    ObjectValue config;
    try {
      if (!(YamlReader.read(rest).root() instanceof ObjectValue object)) {
        return;
      }
      config = object.with("kind", sample.kind().kind()).with("apiVersion", sample.kind().apiVersion());
    } catch (DecodeException _) {
      return;
    }
    String version = sample.kind().apiVersion();
    var scope = new FieldManager.Scope(sample.kind(), "", EmptyObject.of(sample.type()), Map.of(), false);
    var manager = new FieldManager(scope, VersionConverter.single(version, sample.type()), CLOCK);
    ObjectValue live = manager.create(sample.object(), "creator");
    Refusals.allow(
        () -> {
          manager.apply(live, config, "fuzz", false);
        });
    Refusals.allow(
        () -> {
          ObjectValue once = Canonical.complete(manager.apply(live, config, "fuzz", true), sample.type());
          ObjectValue twice = Canonical.complete(manager.apply(once, config, "fuzz", true), sample.type());
          Refusals.requireSame(once, twice, () -> "what is applied twice");
          ObjectValue nothing = ObjectValue.of("kind", config.get("kind"), "apiVersion", config.get("apiVersion"));
          Canonical.complete(manager.apply(once, nothing, "fuzz", true), sample.type());
        });
  }
}
