package io.thyra.admission;

import io.thyra.registry.AdmissionAttributes;
import java.util.Arrays;

/// A plugin whose turns are timed, in those of the two rounds that it takes part in.
final class TimedPlugin implements Plugin {
  private final Plugin plugin;
  private final Stopwatch mutating;
  private final Stopwatch validating;
  private final boolean mutates;
  private final boolean validates;

  TimedPlugin(String name, Plugin plugin, AdmissionTimes times) {
    this.plugin = plugin;
    this.mutating = new Stopwatch(name, false, times);
    this.validating = new Stopwatch(name, true, times);
    this.mutates = declares(plugin, "mutate");
    this.validates = declares(plugin, "validate");
  }

  /// Whether the plugin has a rule of its own for a round; only then is it worth a look at the clock.
  private static boolean declares(Plugin plugin, String round) {
    return Arrays.stream(plugin.getClass().getMethods())
        .anyMatch(method -> method.getName().equals(round) && method.getDeclaringClass() != Plugin.class);
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return plugin.handles(attributes);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes, Reinvocation reinvocation) {
    return mutates ? mutating.time(attributes.operation(), () -> plugin.mutate(attributes, reinvocation)) : attributes;
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    if (validates) {
      validating.time(
          attributes.operation(),
          () -> {
            plugin.validate(attributes);
            return attributes;
          });
    }
  }
}
