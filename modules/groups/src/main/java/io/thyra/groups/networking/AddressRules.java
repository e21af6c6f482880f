package io.thyra.groups.networking;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rule;
import io.thyra.groups.Rules;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.List;
import java.util.Objects;

/// The addresses of services: those that are taken and the blocks they come from.
/// Source: pkg/apis/networking/validation/validation.go, pkg/registry/networking/{ipaddress,servicecidr}/strategy.go.
final class AddressRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath BLOCKS = SPEC.child("cidrs");
  private static final String ONE_A_FAMILY =
      "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64";

  private static final Rule PARENT =
      Rules.all(
          Rules.formatted("group", Names::dns1123Subdomain),
          (parent, path, errors) -> Checks.named(parent, "resource", path, errors, Names::pathSegmentName),
          (parent, path, errors) -> Checks.named(parent, "name", path, errors, Names::pathSegmentName),
          Rules.formatted("namespace", Names::pathSegmentName));

  private AddressRules() {}

  static void declareAddress(Group.Declaration r) {
    Struct parent = GoStruct.at(r.struct(), "spec", "parentRef");
    r.rules()
        .named((name, _) -> IpAddresses.validate(SPEC, name).stream().map(FieldError::detail).toList())
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE_CHANGE)
        .rules(
            Rules.in(
                "spec",
                (spec, path, errors) -> {
                  if (!isSet(spec, "parentRef")) {
                    errors.add(FieldError.required(FieldPath.child(path, "parentRef"), ""));
                  }
                },
                Rules.in("parentRef", PARENT)))
        .updateRules(
            (address, old, _, errors) -> {
              if (!Objects.equals(address.at("spec", "parentRef"), old.at("spec", "parentRef"))) {
                String printed = GoText.of(GoStruct.of(parent, address.at("spec", "parentRef")));
                errors.add(FieldError.invalidPrinted(SPEC.child("parentRef"), printed, Rules.IMMUTABLE));
              }
            });
  }

  static void declareBlocks(Group.Declaration r) {
    Struct spec = GoStruct.at(r.struct(), "spec");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .createRules((cidr, _, errors) -> blocks(cidr.object("spec"), spec, errors))
        .updateRules((cidr, old, _, errors) -> update(cidr.object("spec"), old.object("spec"), spec, errors));
    r.statusRules().named(Names.DNS_SUBDOMAIN).resetsMetadata();
  }

  private static void blocks(ObjectValue spec, Struct struct, List<FieldError> errors) {
    List<String> blocks = spec.list("cidrs").strings();
    if (blocks.isEmpty()) {
      errors.add(FieldError.required(BLOCKS, "at least one CIDR required"));
      return;
    }
    if (blocks.size() > 2) {
      errors.add(FieldError.invalidPrinted(BLOCKS, GoText.of(GoStruct.of(struct, spec)), "may only hold up to 2 values"));
      return;
    }
    for (int i = 0; i < blocks.size(); i++) {
      errors.addAll(IpAddresses.validateCidr(BLOCKS.index(i), blocks.get(i)));
    }
    if (blocks.size() == 2 && isKnown(blocks.get(0)) && isKnown(blocks.get(1)) && isIpv6(blocks.get(0)) == isIpv6(blocks.get(1))) {
      errors.add(FieldError.invalid(BLOCKS, spec.list("cidrs"), ONE_A_FAMILY));
    }
  }

  private static boolean isKnown(String block) {
    return CidrBlock.parse(block).isPresent();
  }

  private static boolean isIpv6(String block) {
    return IpAddresses.isIpv6(block);
  }

  /// A block of the other family may come later; nothing else changes.
  private static void update(ObjectValue spec, ObjectValue old, Struct struct, List<FieldError> errors) {
    List<String> now = spec.list("cidrs").strings();
    List<String> before = old.list("cidrs").strings();
    boolean grows = before.size() == 1 && now.size() == 2;
    if (!grows && before.size() != now.size()) {
      errors.add(FieldError.invalid(BLOCKS, Checks.list(spec, "cidrs"), Rules.IMMUTABLE));
      return;
    }
    for (int i = 0; i < before.size(); i++) {
      if (!before.get(i).equals(now.get(i))) {
        errors.add(FieldError.invalid(BLOCKS.index(i), now.get(i), Rules.IMMUTABLE));
      }
    }
    if (grows) {
      blocks(spec, struct, errors);
    }
  }
}
