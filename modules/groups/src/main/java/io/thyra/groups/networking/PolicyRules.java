package io.thyra.groups.networking;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.machinery.IpAddresses;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.IntegerValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// NetworkPolicies. Source: pkg/apis/networking/validation/validation.go, pkg/registry/networking/networkpolicy/strategy.go.
final class PolicyRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final int TYPES_MAX = 2;

  private final boolean lenient;
  private final List<String> knownBlocks;
  private final List<FieldError> errors;

  private PolicyRules(boolean lenient, List<String> knownBlocks, List<FieldError> errors) {
    this.lenient = lenient;
    this.knownBlocks = knownBlocks;
    this.errors = errors;
  }

  static void declare(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .countsGenerations()
        .countsEmpties()
        .createRules((policy, _, errors) -> new PolicyRules(false, List.of(), errors).spec(policy.object("spec")))
        .updateRules(
            (policy, old, _, errors) ->
                new PolicyRules(Checks.hasInvalidValues(old.at("spec", "podSelector")), blocks(old), errors)
                    .spec(policy.object("spec")))
        .warns((policy, _) -> warnings(policy));
  }

  /// A block of a policy and where it is.
  private interface BlockVisitor {
    void visit(FieldPath path, ObjectValue block);
  }

  private static void visitBlocks(ObjectValue policy, BlockVisitor visitor) {
    for (String way : List.of("ingress", "egress")) {
      String peer = way.equals("ingress") ? "from" : "to";
      List<ObjectValue> rules = policy.list("spec", way).objects();
      for (int i = 0; i < rules.size(); i++) {
        List<ObjectValue> peers = rules.get(i).list(peer).objects();
        for (int j = 0; j < peers.size(); j++) {
          if (peers.get(j).get("ipBlock") instanceof ObjectValue block) {
            visitor.visit(SPEC.child(way).index(i).child(peer).index(j).child("ipBlock"), block);
          }
        }
      }
    }
  }

  private static List<String> blocks(ObjectValue policy) {
    var blocks = new ArrayList<String>();
    visitBlocks(
        policy,
        (_, block) -> {
          blocks.add(block.string("cidr"));
          blocks.addAll(block.list("except").strings());
        });
    return blocks;
  }

  private static List<String> warnings(ObjectValue policy) {
    var warnings = new ArrayList<String>();
    visitBlocks(
        policy,
        (path, block) -> {
          warnings.addAll(IpAddresses.cidrWarnings(path.child("cidr"), block.string("cidr")));
          List<String> except = block.list("except").strings();
          for (int i = 0; i < except.size(); i++) {
            warnings.addAll(IpAddresses.cidrWarnings(path.child("except").index(i), except.get(i)));
          }
        });
    return warnings;
  }

  private void spec(ObjectValue spec) {
    Checks.selector(spec, "podSelector", lenient, SPEC, errors);
    rules(spec, "ingress", "from");
    rules(spec, "egress", "to");
    List<String> types = spec.list("policyTypes").strings();
    if (types.size() > TYPES_MAX) {
      errors.add(FieldError.invalid(SPEC.child("policyTypes"), spec.list("policyTypes"), "may not specify more than two policyTypes"));
      return;
    }
    for (int i = 0; i < types.size(); i++) {
      Checks.oneOf(types.get(i), SPEC.child("policyTypes").index(i), errors, "Ingress", "Egress");
    }
  }

  private void rules(ObjectValue spec, String way, String peer) {
    Rules.each(
            way,
            Rules.each("ports", (port, path, _) -> port(port, below(path))),
            Rules.each(peer, (given, path, _) -> peer(given, below(path))))
        .check(spec, SPEC, errors);
  }

  private static FieldPath below(@Nullable FieldPath path) {
    return Objects.requireNonNull(path);
  }

  private void port(ObjectValue given, FieldPath path) {
    FieldPath port = path.child("port");
    FieldPath end = path.child("endPort");
    if (isSet(given, "protocol")) {
      Checks.oneOf(given.string("protocol"), path.child("protocol"), errors, "TCP", "UDP", "SCTP");
    }
    boolean ends = isSet(given, "endPort");
    long last = Checks.number(given, "endPort");
    if (given.get("port") instanceof IntegerValue(long first)) {
      Words.portNumber(first).forEach(complaint -> errors.add(FieldError.invalid(port, first, complaint)));
      if (ends && last < first) {
        errors.add(FieldError.invalid(end, first, "must be greater than or equal to `port`"));
      }
      if (ends) {
        Words.portNumber(last).forEach(complaint -> errors.add(FieldError.invalid(end, last, complaint)));
      }
    } else if (isSet(given, "port")) {
      if (ends) {
        errors.add(FieldError.invalid(end, last, "may not be specified when `port` is non-numeric"));
      }
      Rules.checkFormat(given.string("port"), port, errors, Words::portName);
    } else if (ends) {
      errors.add(FieldError.invalid(end, last, "may not be specified when `port` is not specified"));
    }
  }

  private void peer(ObjectValue peer, FieldPath path) {
    Checks.selector(peer, "podSelector", lenient, path, errors);
    Checks.selector(peer, "namespaceSelector", lenient, path, errors);
    boolean selects = isSet(peer, "podSelector") || isSet(peer, "namespaceSelector");
    boolean blocks = isSet(peer, "ipBlock");
    if (blocks) {
      block(peer.object("ipBlock"), path.child("ipBlock"));
    }
    if (!selects && !blocks) {
      errors.add(FieldError.required(path, "must specify a peer"));
    } else if (selects && blocks) {
      errors.add(FieldError.forbidden(path, "may not specify both ipBlock and another peer"));
    }
  }

  private void block(ObjectValue block, FieldPath path) {
    String cidr = block.string("cidr");
    if (cidr.isEmpty()) {
      errors.add(FieldError.required(path.child("cidr"), ""));
      return;
    }
    errors.addAll(IpAddresses.validateLegacyCidr(path.child("cidr"), cidr, true, knownBlocks));
    Optional<CidrBlock> whole = CidrBlock.parse(cidr);
    if (whole.isEmpty()) {
      return;
    }
    List<String> except = block.list("except").strings();
    for (int i = 0; i < except.size(); i++) {
      FieldPath at = path.child("except").index(i);
      String text = except.get(i);
      errors.addAll(IpAddresses.validateLegacyCidr(at, text, true, knownBlocks));
      CidrBlock.parse(text)
          .filter(part -> !whole.get().strictlyContains(part))
          .ifPresent(_ -> errors.add(FieldError.invalid(at, text, "must be a strict subset of `cidr`")));
    }
  }
}
