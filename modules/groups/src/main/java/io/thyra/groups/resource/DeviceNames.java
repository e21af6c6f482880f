package io.thyra.groups.resource;

import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;

/// The names and lists that claims, classes and slices share. Source: pkg/apis/resource/validation/validation.go.
final class DeviceNames {
  private static final int DRIVER_LENGTH_MAX = 63;
  private static final int POOL_LENGTH_MAX = 253;
  private static final int ID_LENGTH_MAX = 32;

  private DeviceNames() {}

  /// One item of a list.
  interface Item {
    void check(ObjectValue item, FieldPath path, List<FieldError> errors);
  }

  /// A list with a bound: past it, nothing else is said.
  static void list(ListValue items, int max, FieldPath path, List<FieldError> errors, Item rule) {
    if (items.size() > max) {
      errors.add(FieldError.tooMany(path, items.size(), max));
      return;
    }
    for (int i = 0; i < items.size(); i++) {
      rule.check(items.object(i), path.index(i), errors);
    }
  }

  /// A list in which a key is there once.
  static void set(ListValue items, int max, FieldPath path, List<FieldError> errors, Item rule, Function<ObjectValue, String> key) {
    list(items, max, path, errors, rule);
    if (items.size() > max) {
      return;
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      String name = key.apply(items.object(i));
      if (!seen.add(name)) {
        errors.add(FieldError.duplicate(path.index(i), name));
      }
    }
  }

  static void label(String name, FieldPath path, List<FieldError> errors) {
    Rules.checkFormat(name, path, errors, Names::dns1123Label);
  }

  static void driver(String name, FieldPath path, List<FieldError> errors) {
    if (name.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    if (name.length() > DRIVER_LENGTH_MAX) {
      errors.add(FieldError.tooLong(path, DRIVER_LENGTH_MAX));
    }
    for (String complaint : Names.dns1123Subdomain(name.toLowerCase(Locale.ROOT))) {
      errors.add(FieldError.invalid(path, name, complaint));
    }
  }

  static void pool(String name, FieldPath path, List<FieldError> errors) {
    if (name.isEmpty()) {
      errors.add(FieldError.required(path, ""));
      return;
    }
    if (name.length() > POOL_LENGTH_MAX) {
      errors.add(FieldError.tooLong(path, POOL_LENGTH_MAX));
    }
    for (String part : name.split("/", -1)) {
      Rules.checkFormat(part, path, errors, Names::dns1123Subdomain);
    }
  }

  /// An identifier, which may have a domain.
  static void qualified(String name, FieldPath path, List<FieldError> errors) {
    String[] parts = name.split("/", -1);
    if (parts.length == 1) {
      identifier(parts[0], path, errors);
    } else if (parts.length == 2) {
      if (parts[0].isEmpty()) {
        errors.add(FieldError.invalid(path, "", "the domain must not be empty"));
      } else {
        driver(parts[0], path, errors);
      }
      if (parts[1].isEmpty()) {
        errors.add(FieldError.invalid(path, "", "the name must not be empty"));
      } else {
        identifier(parts[1], path, errors);
      }
    }
  }

  static void fullyQualified(String name, FieldPath path, List<FieldError> errors) {
    qualified(name, path, errors);
    if (!name.contains("/")) {
      errors.add(FieldError.invalid(path, name, "a fully qualified name must be a domain and a name separated by a slash"));
    }
  }

  private static void identifier(String id, FieldPath path, List<FieldError> errors) {
    if (id.getBytes(StandardCharsets.UTF_8).length > ID_LENGTH_MAX) {
      errors.add(FieldError.tooLong(path, ID_LENGTH_MAX));
    }
    Rules.checkFormat(id, path, errors, Words::cIdentifier);
  }

  /// Which device of which pool, as a key.
  static String device(ObjectValue device) {
    return device.string("driver") + "/" + device.string("pool") + "/" + device.string("device") + "/" + device.string("shareID");
  }
}
