package io.thyra.groups.flowcontrol;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.List;
import java.util.Optional;

/// PriorityLevelConfigurations. Source: pkg/apis/flowcontrol/validation/validation.go.
final class PriorityLevelRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath LIMITED = SPEC.child("limited");
  private static final FieldPath RESPONSE = LIMITED.child("limitResponse");
  private static final long QUEUES_MAX = 10_000_000;
  private static final int HASH_BITS_MAX = 60;
  private static final String KEEP_ZERO = "flowcontrol.k8s.io/preserve-zero-concurrency-shares";

  private PriorityLevelRules() {}

  static void declare(Group.Declaration r) {
    Struct spec = GoStruct.at(r.struct(), "spec");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .dropsStatus()
        .countsGenerations()
        .rules(
            (level, _, errors) -> {
              String name = level.string("metadata", "name");
              if (level.object("metadata", "annotations").has(KEEP_ZERO)) {
                errors.add(
                    FieldError.forbidden(FieldPath.of("metadata", "annotations"), "annotation '" + KEEP_ZERO + "' is forbidden"));
              }
              spec(name, level.object("spec"), errors);
              fixed(name, level.object("spec"), spec, errors);
              FlowSchemaRules.conditions(level, errors);
            });
    r.statusRules().resetsMetadata().updateRules((level, _, _, errors) -> FlowSchemaRules.conditions(level, errors));
  }

  private static void fixed(String name, ObjectValue spec, Struct struct, List<FieldError> errors) {
    Optional<ObjectValue> wanted = Mandatory.findPriorityLevel(name);
    boolean exempt = name.equals("exempt");
    ObjectValue have = exempt ? spec.without("exempt") : spec;
    if (wanted.isPresent() && !(exempt ? wanted.get().without("exempt") : wanted.get()).equals(have)) {
      String which = exempt ? "' except the 'spec.exempt' field must equal the fixed value" : "' must equal the fixed value";
      errors.add(FieldError.invalidPrinted(SPEC, GoText.of(GoStruct.of(struct, spec)), "spec of '" + name + which));
    }
  }

  private static void spec(String name, ObjectValue spec, List<FieldError> errors) {
    String type = spec.string("type");
    if (name.equals("exempt") != type.equals("Exempt")) {
      errors.add(FieldError.invalid(SPEC.child("type"), type, "must be 'Exempt' if and only if `name` is 'exempt'"));
    }
    switch (type) {
      case "Exempt" -> {
        if (isSet(spec, "limited")) {
          errors.add(FieldError.forbidden(LIMITED, "must be nil if the type is not Limited"));
        }
        if (spec.get("exempt") instanceof ObjectValue exempt) {
          shares(exempt, SPEC.child("exempt"), errors);
          lendable(exempt, SPEC.child("exempt"), errors);
        }
      }
      case "Limited" -> {
        if (isSet(spec, "exempt")) {
          errors.add(FieldError.forbidden(SPEC.child("exempt"), "must be nil if the type is Limited"));
        }
        if (spec.get("limited") instanceof ObjectValue limited) {
          limited(limited, errors);
        } else {
          errors.add(FieldError.required(LIMITED, "must not be empty when type is Limited"));
        }
      }
      case "" -> errors.add(FieldError.required(SPEC.child("type"), ""));
      default -> Checks.oneOf(type, SPEC.child("type"), errors, "Exempt", "Limited");
    }
  }

  private static void shares(ObjectValue level, FieldPath path, List<FieldError> errors) {
    long shares = number(level, "nominalConcurrencyShares");
    if (shares < 0) {
      errors.add(FieldError.invalid(path.child("nominalConcurrencyShares"), shares, "must be a non-negative integer"));
    }
  }

  private static void lendable(ObjectValue level, FieldPath path, List<FieldError> errors) {
    Rules.inRange("lendablePercent", 0, 100).check(level, path, errors);
  }

  private static void limited(ObjectValue limited, List<FieldError> errors) {
    shares(limited, LIMITED, errors);
    response(limited.object("limitResponse"), errors);
    lendable(limited, LIMITED, errors);
    long borrowing = number(limited, "borrowingLimitPercent");
    if (borrowing < 0) {
      errors.add(
          FieldError.invalid(
              LIMITED.child("borrowingLimitPercent"), borrowing, "if specified, must be a non-negative integer"));
    }
  }

  private static void response(ObjectValue response, List<FieldError> errors) {
    FieldPath queuing = RESPONSE.child("queuing");
    switch (response.string("type")) {
      case "Reject" -> {
        if (isSet(response, "queuing")) {
          errors.add(FieldError.forbidden(queuing, "must be nil if limited.limitResponse.type is not Limited"));
        }
      }
      case "Queue" -> {
        if (response.get("queuing") instanceof ObjectValue given) {
          queuing(given, queuing, errors);
        } else {
          errors.add(FieldError.required(queuing, "must not be empty if limited.limitResponse.type is Limited"));
        }
      }
      case "" -> errors.add(FieldError.required(RESPONSE.child("type"), ""));
      case String type -> Checks.oneOf(type, RESPONSE.child("type"), errors, "Queue", "Reject");
    }
  }

  private static void queuing(ObjectValue queuing, FieldPath path, List<FieldError> errors) {
    long queues = number(queuing, "queues");
    long hand = number(queuing, "handSize");
    positive(number(queuing, "queueLengthLimit"), path.child("queueLengthLimit"), errors);
    if (positive(queues, path.child("queues"), errors) && queues > QUEUES_MAX) {
      errors.add(FieldError.invalid(path.child("queues"), queues, "must not be greater than " + QUEUES_MAX));
    }
    if (!positive(hand, path.child("handSize"), errors)) {
      return;
    }
    if (hand > queues) {
      errors.add(FieldError.invalid(path.child("handSize"), hand, "should not be greater than queues (" + queues + ")"));
    } else if (Math.ceil(Math.log(queues) / Math.log(2) * hand) > HASH_BITS_MAX) {
      errors.add(
          FieldError.invalid(
              path.child("handSize"),
              hand,
              "required entropy bits of deckSize "
                  + queues
                  + " and handSize "
                  + hand
                  + " should not be greater than "
                  + HASH_BITS_MAX));
    }
  }

  private static boolean positive(long number, FieldPath path, List<FieldError> errors) {
    if (number <= 0) {
      errors.add(FieldError.invalid(path, number, "must be positive"));
    }
    return number > 0;
  }
}
