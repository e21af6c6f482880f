package io.thyra.groups.core;

import io.thyra.machinery.IpAddresses;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cluster addresses of a service and their families. Source: pkg/apis/core/validation/validation.go.
final class AddressRules {
  private static final FieldPath ADDRESSES = FieldPath.of("spec", "clusterIPs");
  private static final FieldPath FAMILIES = FieldPath.of("spec", "ipFamilies");
  private static final FieldPath POLICY = FieldPath.of("spec", "ipFamilyPolicy");
  private static final String STAYS = "may not change once set";

  private AddressRules() {}

  static void check(ObjectValue service, @Nullable ObjectValue old, List<FieldError> errors) {
    if (ServiceValidation.isType(service, "ExternalName")) {
      return;
    }
    ObjectValue spec = service.object("spec");
    ListValue addresses = spec.list("clusterIPs");
    List<String> texts = addresses.strings();
    String first = spec.string("clusterIP");
    if (first.isEmpty()) {
      if (!texts.isEmpty()) {
        errors.add(FieldError.invalid(ADDRESSES, addresses, "must be empty when `clusterIP` is not specified"));
      }
    } else if (texts.isEmpty()) {
      errors.add(FieldError.required(ADDRESSES, ""));
    } else if (!texts.getFirst().equals(first)) {
      errors.add(FieldError.invalid(ADDRESSES, addresses, "first value must match `clusterIP`"));
    }
    families(spec, errors);
    if (addresses(addresses, old, errors)) {
      return;
    }
    if (texts.size() > 1) {
      boolean six = IpAddresses.isIpv6(texts.get(0));
      if (texts.stream().allMatch(text -> IpAddresses.isIpv6(text) == six)) {
        errors.add(FieldError.invalid(ADDRESSES, addresses, "may specify no more than one IP for each IP family"));
      }
    }
    List<String> families = spec.list("ipFamilies").strings();
    for (int i = 0; i < texts.size() && i < families.size() && !ServiceValidation.isHeadless(service); i++) {
      boolean six = IpAddresses.isIpv6(texts.get(i));
      String family = families.get(i);
      if (family.equals("IPv4") && six || family.equals("IPv6") && !six) {
        errors.add(
            FieldError.invalid(
                ADDRESSES.index(i), texts.get(i), "expected an " + family + " value as indicated by `ipFamilies[" + i + "]`"));
      }
    }
  }

  private static void families(ObjectValue spec, List<FieldError> errors) {
    List<String> families = spec.list("ipFamilies").strings();
    var seen = new HashSet<String>();
    for (int i = 0; i < families.size(); i++) {
      if (!List.of("IPv4", "IPv6").contains(families.get(i))) {
        errors.add(FieldError.notSupported(FAMILIES.index(i), families.get(i), List.of("IPv4", "IPv6")));
      }
      if (!seen.add(families.get(i))) {
        errors.add(FieldError.duplicate(FAMILIES.index(i), families.get(i)));
      }
    }
    List<String> policies = List.of("PreferDualStack", "RequireDualStack", "SingleStack");
    if (spec.has("ipFamilyPolicy") && !policies.contains(spec.string("ipFamilyPolicy"))) {
      errors.add(FieldError.notSupported(POLICY, spec.string("ipFamilyPolicy"), policies));
    }
  }

  // Whether an address is none, so that nothing more can be said.
  private static boolean addresses(ListValue addresses, @Nullable ObjectValue old, List<FieldError> errors) {
    List<String> known = old == null ? List.of() : old.list("spec", "clusterIPs").strings();
    List<String> texts = addresses.strings();
    boolean broken = false;
    for (int i = 0; i < texts.size(); i++) {
      if (i == 0 && texts.get(0).equals("None")) {
        if (texts.size() > 1) {
          broken = true;
          errors.add(FieldError.invalid(ADDRESSES, addresses, "'None' must be the first and only value"));
        }
        continue;
      }
      List<FieldError> found = IpAddresses.validateLegacy(ADDRESSES.index(i), texts.get(i), true, known);
      broken |= !found.isEmpty();
      errors.addAll(found);
    }
    if (texts.size() > 2) {
      errors.add(FieldError.invalid(ADDRESSES, addresses, "may only hold up to 2 values"));
    }
    return broken;
  }

  /// What a change may do to addresses and families: add or drop the second, never touch the first.
  static void change(ObjectValue service, ObjectValue old, List<FieldError> errors) {
    if (ServiceValidation.isType(service, "ExternalName") || ServiceValidation.isType(old, "ExternalName")) {
      return;
    }
    boolean headless = ServiceValidation.isHeadless(service);
    boolean wasHeadless = ServiceValidation.isHeadless(old);
    boolean single = service.string("spec", "ipFamilyPolicy").equals("SingleStack");
    ListValue addresses = service.list("spec", "clusterIPs");
    if (!headless || !wasHeadless) {
      compare(addresses, old.list("spec", "clusterIPs"), ADDRESSES, addresses, "clusterIP", single, service, errors);
    }
    if (!headless && !wasHeadless) {
      ListValue families = service.list("spec", "ipFamilies");
      compare(families, old.list("spec", "ipFamilies"), FAMILIES, families, "ipFamily", single, service, errors);
    }
  }

  private static void compare(
      ListValue now,
      ListValue before,
      FieldPath path,
      ListValue told,
      String word,
      boolean single,
      ObjectValue service,
      List<FieldError> errors) {
    if (now.size() == before.size()) {
      for (int i = 0; i < now.size(); i++) {
        if (!now.get(i).equals(before.get(i))) {
          errors.add(FieldError.invalid(path.index(word.equals("clusterIP") ? i : 0), told, STAYS));
        }
      }
      return;
    }
    if (now.isEmpty() && word.equals("clusterIP") || service.list("spec", "clusterIPs").isEmpty() && now.size() < before.size()) {
      errors.add(FieldError.invalid(path.index(0), told, "primary " + word + " can not be unset"));
    }
    if (!now.isEmpty() && !before.isEmpty() && !now.get(0).equals(before.get(0))) {
      errors.add(FieldError.invalid(path.index(0), told, STAYS));
    }
    if (now.size() == 1 && before.size() > 1 && !single) {
      errors.add(
          FieldError.invalid(
              POLICY,
              service.string("spec", "ipFamilyPolicy"),
              "must be set to 'SingleStack' when releasing the secondary " + word));
    }
  }
}
