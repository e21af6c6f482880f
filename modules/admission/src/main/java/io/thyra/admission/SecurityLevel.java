package io.thyra.admission;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A level of pod security at a version: `baseline:v1.30`. Source: pod-security-admission api/helpers.go.
///
/// @param minor the minor version; [#LATEST] for the newest
record SecurityLevel(Level level, int minor) {
  static final int LATEST = Integer.MAX_VALUE;

  private static final String PREFIX = "pod-security.kubernetes.io/";
  private static final FieldPath LABELS = FieldPath.of("metadata", "labels");

  /// From what allows everything to what allows least.
  enum Level {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Optional<Level> find(String text) {
      return List.of(values()).stream().filter(l -> l.text().equals(text)).findFirst();
    }
  }

  static boolean isLabelled(Map<String, String> labels, String mode) {
    return labels.containsKey(PREFIX + mode) || labels.containsKey(PREFIX + mode + "-version");
  }

  @Override
  public String toString() {
    return level.text() + ":" + (minor == LATEST ? "latest" : "v1." + minor);
  }

  /// What a namespace asks for, in three modes.
  record Policy(SecurityLevel enforce, SecurityLevel audit, SecurityLevel warn, List<FieldError> errors) {
    private static final SecurityLevel FREE = new SecurityLevel(Level.PRIVILEGED, LATEST);
    static final Policy DEFAULT = new Policy(FREE, FREE, FREE, List.of());

    /// The levels by their modes.
    Map<String, SecurityLevel> modes() {
      var modes = new LinkedHashMap<String, SecurityLevel>();
      modes.put("enforce", enforce);
      modes.put("audit", audit);
      modes.put("warn", warn);
      return modes;
    }

    boolean sameAs(Policy other) {
      return modes().equals(other.modes());
    }

    /// The stricter of what is told in the audit log and what is warned of.
    Level tells() {
      return audit.level.compareTo(warn.level) > 0 ? audit.level : warn.level;
    }

    boolean isPrivileged() {
      return errors.isEmpty() && enforce.level == Level.PRIVILEGED && audit.level == Level.PRIVILEGED && warn.level == Level.PRIVILEGED;
    }

    /// Reads the labels of a namespace. Wrong ones are errors and count as upstream counts them: the strictest level where
    /// pods are refused, none where they are only told about.
    static Policy of(Map<String, String> labels, Policy defaults) {
      var errors = new ArrayList<FieldError>();
      SecurityLevel enforce = read(labels, "enforce", defaults.enforce, Level.RESTRICTED, errors);
      SecurityLevel audit = read(labels, "audit", defaults.audit, Level.PRIVILEGED, errors);
      SecurityLevel warn = read(labels, "warn", defaults.warn, Level.PRIVILEGED, errors);
      boolean named = Level.find(labels.getOrDefault(PREFIX + "enforce", "")).isPresent();
      if (!labels.containsKey(PREFIX + "warn") && named && enforce.level.compareTo(warn.level) > 0) {
        // Who enforces without a word about warnings wants them of controllers too.
        warn = new SecurityLevel(enforce.level, labels.containsKey(PREFIX + "warn-version") ? warn.minor : enforce.minor);
      }
      return new Policy(enforce, audit, warn, errors);
    }

    private static SecurityLevel read(
        Map<String, String> labels, String mode, SecurityLevel absent, Level wrong, List<FieldError> errors) {
      Level level = absent.level;
      String levelText = labels.get(PREFIX + mode);
      if (levelText != null) {
        Optional<Level> found = Level.find(levelText);
        if (found.isEmpty()) {
          errors.add(invalid(PREFIX + mode, levelText, "must be one of privileged, baseline, restricted"));
        }
        level = found.orElse(wrong);
      }
      int minor = absent.minor;
      String versionText = labels.get(PREFIX + mode + "-version");
      if (versionText != null) {
        Optional<Integer> found = minor(versionText);
        if (found.isEmpty()) {
          errors.add(invalid(PREFIX + mode + "-version", versionText, "must be \"latest\" or \"v1.x\""));
        }
        minor = found.orElse(LATEST);
      }
      return new SecurityLevel(level, minor);
    }

    private static FieldError invalid(String label, String value, String detail) {
      return FieldError.invalid(LABELS.key(label), value, detail);
    }

    /// Reads the defaults of a configuration.
    static Policy ofDefaults(ObjectValue told, List<FieldError> errors) {
      return new Policy(
          readDefault(told, "enforce", errors), readDefault(told, "audit", errors), readDefault(told, "warn", errors), List.of());
    }

    private static SecurityLevel readDefault(ObjectValue told, String mode, List<FieldError> errors) {
      String level = told.string(mode);
      Optional<Level> found = level.isEmpty() ? Optional.of(Level.PRIVILEGED) : Level.find(level);
      if (found.isEmpty()) {
        errors.add(FieldError.invalid(FieldPath.of("defaults", mode), level, "must be one of privileged, baseline, restricted"));
      }
      String version = told.string(mode + "-version");
      Optional<Integer> minor = version.isEmpty() ? Optional.of(LATEST) : minor(version);
      if (minor.isEmpty()) {
        errors.add(FieldError.invalid(FieldPath.of("defaults", mode + "-version"), version, "must be \"latest\" or \"v1.x\""));
      }
      return new SecurityLevel(found.orElse(Level.RESTRICTED), minor.orElse(LATEST));
    }

    private static Optional<Integer> minor(String text) {
      if (text.equals("latest")) {
        return Optional.of(LATEST);
      }
      if (!text.matches("v1\\.([0-9]|[1-9][0-9]{0,8})")) {
        return Optional.empty();
      }
      return Optional.of(Integer.parseInt(text.substring("v1.".length())));
    }
  }
}
