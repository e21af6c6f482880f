package io.thyra.groups.core;

import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.Quantity;
import java.util.List;
import java.util.Set;

/// Names of things that are counted and limited: cpu, memory, `requests.storage`, `example.com/gpu`.
/// Source: pkg/apis/core/helper/helpers.go, pkg/apis/core/validation/validation.go.
final class ResourceNames {
  private static final Set<String> COUNTED =
      Set.of(
          "pods",
          "resourcequotas",
          "services",
          "replicationcontrollers",
          "secrets",
          "configmaps",
          "persistentvolumeclaims",
          "services.nodeports",
          "services.loadbalancers");
  private static final Set<String> QUOTA =
      Set.of(
          "cpu",
          "memory",
          "ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.storage",
          "requests.ephemeral-storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage");
  private static final Set<String> CONTAINER = Set.of("cpu", "memory", "ephemeral-storage");

  private ResourceNames() {}

  static boolean isHugePages(String name) {
    return name.startsWith("hugepages-");
  }

  private static boolean isQuotaHugePages(String name) {
    return isHugePages(name) || name.startsWith("requests.hugepages-");
  }

  static boolean isNative(String name) {
    return !name.contains("/") || name.contains("kubernetes.io/");
  }

  static boolean isOvercommitAllowed(String name) {
    return isNative(name) && !isHugePages(name);
  }

  static boolean isExtended(String name) {
    return !isNative(name) && !name.startsWith("requests.") && Names.qualifiedName("requests." + name).isEmpty();
  }

  static boolean isInteger(String name) {
    return COUNTED.contains(name) || isExtended(name);
  }

  static boolean isStandardQuota(String name) {
    return QUOTA.contains(name) || COUNTED.contains(name) || isQuotaHugePages(name);
  }

  private static boolean isStandard(String name) {
    return isStandardQuota(name) || name.equals("storage");
  }

  private static boolean isUnqualified(String name) {
    return name.indexOf('/') < 0;
  }

  /// Any resource name.
  static void check(String name, FieldPath path, List<FieldError> errors) {
    List<String> complaints = Names.qualifiedName(name);
    complaints.forEach(complaint -> errors.add(FieldError.invalid(path, name, complaint)));
    if (complaints.isEmpty() && isUnqualified(name) && !isStandard(name)) {
      errors.add(FieldError.invalid(path, name, "must be a standard resource type or fully qualified"));
    }
  }

  /// The name of something that containers ask for.
  static void checkContainer(String name, FieldPath path, List<FieldError> errors) {
    check(name, path, errors);
    if (isUnqualified(name)) {
      if (!CONTAINER.contains(name) && !isHugePages(name)) {
        errors.add(FieldError.invalid(path, name, "must be a standard resource for containers"));
      }
    } else if (!isNative(name) && !isExtended(name)) {
      errors.add(FieldError.invalid(path, name, "doesn't follow extended resource name standard"));
    }
  }

  /// The name of something that the containers of a pod share.
  static void checkPodLevel(String name, FieldPath path, List<FieldError> errors) {
    int before = errors.size();
    check(name, path, errors);
    if (errors.size() == before && !name.equals("cpu") && !name.equals("memory") && !isHugePages(name)) {
      errors.add(FieldError.notSupported(path, name, List.of("cpu", "hugepages-", "memory")));
    }
  }

  /// The name of something that quotas count.
  static void checkQuota(String name, FieldPath path, List<FieldError> errors) {
    check(name, path, errors);
    if (isUnqualified(name) && !isStandardQuota(name)) {
      errors.add(FieldError.invalid(path, name, "must be a standard resource for quota"));
    }
  }

  /// An amount: not negative, and whole where things are counted.
  static void checkAmount(String name, Quantity amount, FieldPath path, List<FieldError> errors) {
    if (amount.signum() < 0) {
      errors.add(FieldError.invalid(path, amount.toString(), "must be greater than or equal to 0"));
    }
    if (isInteger(name) && amount.milliValue() % 1000 != 0) {
      errors.add(FieldError.invalid(path, amount.toString(), "must be an integer"));
    }
  }

  /// An amount of huge pages: whole ones.
  static void checkPages(String name, Quantity amount, FieldPath path, List<FieldError> errors) {
    if (!isHugePages(name)) {
      return;
    }
    String size = name.substring("hugepages-".length());
    boolean whole =
        Quantity.isQuantity(size)
            && Quantity.parse(size).signum() > 0
            && amount.amount().remainder(Quantity.parse(size).amount()).signum() == 0;
    if (!whole) {
      errors.add(FieldError.invalid(path, amount.toString(), amount + " is not positive integer multiple of " + name));
    }
  }
}
