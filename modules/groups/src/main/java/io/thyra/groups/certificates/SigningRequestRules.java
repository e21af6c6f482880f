package io.thyra.groups.certificates;

import static io.thyra.groups.Checks.isSet;
import static io.thyra.groups.Checks.number;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.SchemaOrder;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.registry.Subresource;
import io.thyra.schema.Struct;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CertificateSigningRequests: the spec is the requester's and never changes, `/approval` writes conditions, `/status`
/// the certificate. Source: pkg/apis/certificates/validation/validation.go, pkg/registry/certificates/certificates/strategy.go.
final class SigningRequestRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath CONDITIONS = FieldPath.of("status", "conditions");
  private static final FieldPath CERTIFICATE = FieldPath.of("status", "certificate");
  private static final List<String> DECISIONS = List.of("Approved", "Denied");
  private static final List<String> FINAL = List.of("Approved", "Denied", "Failed");
  private static final List<String> USAGES =
      List.of(
          "any", "cert sign", "client auth", "code signing", "content commitment", "crl sign", "data encipherment", "decipher only",
          "digital signature", "email protection", "encipher only", "ipsec end system", "ipsec tunnel", "ipsec user", "key agreement",
          "key encipherment", "microsoft sgc", "netscape sgc", "ocsp signing", "s/mime", "server auth", "signing", "timestamping");

  /// What a write may do besides.
  private enum Part {
    OBJECT,
    STATUS,
    APPROVAL
  }

  private SigningRequestRules() {}

  static void declare(Group.Declaration r) {
    Struct struct = r.struct();
    r.rules()
        .named((_, _) -> List.of())
        .checksNameOnUpdate()
        .dropsStatus()
        .resets("spec")
        .onCreate((context, request) -> request.with("spec", requested(context.user(), request.object("spec"), GoStruct.at(struct, "spec"))))
        .onUpdate((_, request, old) -> SchemaOrder.put(struct, request, "spec", old.object("spec")))
        .createRules((request, _, errors) -> request(request, null, errors))
        .updateRules((request, old, _, errors) -> update(request, old, Part.OBJECT, errors));
    r.statusRules()
        .named((_, _) -> List.of())
        .checksNameOnUpdate()
        .resets("status", "conditions")
        .onUpdate((context, request, old) -> timed(context, keepDecisions(request, old), old))
        .updateRules((request, old, _, errors) -> update(request, old, Part.STATUS, errors));
    KindStrategy approval =
        KindStrategy.statusOf(struct)
            .clusterScoped()
            .named((_, _) -> List.of())
            .checksNameOnUpdate()
            .resets("status", "certificate")
            .onUpdate((context, request, old) -> onlyConditions(timed(context, request, old), old))
            .updateRules((request, old, _, errors) -> update(request, old, Part.APPROVAL, errors))
            .build();
    r.subresource("approval", new Subresource.Part(approval, true));
  }

  /// The spec with its requester, whoever it says it is from.
  private static ObjectValue requested(UserInfo user, ObjectValue spec, Struct struct) {
    ObjectValue out = spec.without("username").without("uid").without("groups").without("extra");
    ObjectValue requester = user.toValue();
    for (int i = 0; i < requester.size(); i++) {
      out = out.with(requester.nameAt(i), requester.valueAt(i));
    }
    return SchemaOrder.sort(struct, out);
  }

  private static List<ObjectValue> conditions(ObjectValue request) {
    return request.list("status", "conditions").objects();
  }

  private static List<ObjectValue> conditions(ObjectValue request, String type) {
    return conditions(request).stream().filter(c -> c.string("type").equals(type)).toList();
  }

  private static ObjectValue withConditions(ObjectValue request, List<Value> conditions) {
    return request.withAt(new ListValue(conditions), "status", "conditions");
  }

  /// `/status` does not change a decision, only repeats it.
  private static ObjectValue keepDecisions(ObjectValue request, ObjectValue old) {
    ObjectValue kept = request;
    for (String type : DECISIONS) {
      List<ObjectValue> before = conditions(old, type);
      if (!before.isEmpty() && before.size() == conditions(kept, type).size()) {
        var next = before.iterator();
        List<Value> out = new ArrayList<>();
        conditions(kept).forEach(c -> out.add(c.string("type").equals(type) ? next.next() : c));
        kept = withConditions(kept, out);
      }
    }
    return kept;
  }

  /// Conditions without times get them.
  private static ObjectValue timed(RequestContext context, ObjectValue request, ObjectValue old) {
    if (conditions(request).isEmpty()) {
      return request;
    }
    String now = context.now().truncatedTo(ChronoUnit.SECONDS).toString();
    List<Value> out = new ArrayList<>();
    for (ObjectValue condition : conditions(request)) {
      ObjectValue timed = condition;
      if (!isSet(condition, "lastUpdateTime")) {
        timed = timed.with("lastUpdateTime", now);
      }
      if (!isSet(condition, "lastTransitionTime")) {
        String since =
            conditions(old, condition.string("type")).stream()
                .filter(c -> c.string("status").equals(condition.string("status")) && isSet(c, "lastTransitionTime"))
                .map(c -> c.string("lastTransitionTime"))
                .findFirst()
                .orElse(now);
        timed = timed.with("lastTransitionTime", since);
      }
      out.add(timed);
    }
    return withConditions(request, out);
  }

  private static ObjectValue onlyConditions(ObjectValue request, ObjectValue old) {
    ObjectValue status = old.object("status");
    Value conditions = request.at("status", "conditions");
    status = conditions == null || conditions == NullValue.NULL ? status.without("conditions") : status.with("conditions", conditions);
    return request.with("status", status);
  }

  private static String text(ObjectValue object, String... path) {
    return new String(Base64.getMimeDecoder().decode(object.string(path)), StandardCharsets.ISO_8859_1);
  }

  private static void request(ObjectValue request, @Nullable ObjectValue old, List<FieldError> errors) {
    ObjectValue spec = request.object("spec");
    RequestedCertificate.findRequestComplaint(text(spec, "request"))
        .ifPresent(complaint -> errors.add(Checks.invalid(SPEC.child("request"), spec.get("request"), complaint)));
    usages(spec, old, errors);
    String legacy = "kubernetes.io/legacy-unknown";
    String signer = spec.string("signerName");
    if (signer.equals(legacy) && (old == null || !old.string("spec", "signerName").equals(legacy))) {
      errors.add(
          FieldError.invalid(SPEC.child("signerName"), signer, "the legacy signerName is not allowed via this API version"));
    } else {
      SignerName.check(signer, SPEC.child("signerName"), errors);
    }
    long seconds = number(spec, "expirationSeconds");
    if (isSet(spec, "expirationSeconds") && seconds < 600) {
      errors.add(
          FieldError.invalid(
              SPEC.child("expirationSeconds"), seconds, "may not specify a duration less than 600 seconds (10 minutes)"));
    }
    conditions(request, old, errors);
    String certificate = text(request, "status", "certificate");
    boolean tolerated =
        old != null
            && (Objects.equals(request.at("status", "certificate"), old.at("status", "certificate"))
                || RequestedCertificate.findCertificateComplaint(text(old, "status", "certificate")).isPresent());
    if (!tolerated) {
      RequestedCertificate.findCertificateComplaint(certificate)
          .ifPresent(complaint -> errors.add(FieldError.invalid(CERTIFICATE, "<certificate data>", complaint)));
    }
  }

  private static void usages(ObjectValue spec, @Nullable ObjectValue old, List<FieldError> errors) {
    List<String> usages = spec.list("usages").strings();
    List<String> before = old == null ? List.of() : old.list("spec", "usages").strings();
    FieldPath path = SPEC.child("usages");
    if (usages.isEmpty()) {
      errors.add(FieldError.required(path, ""));
    }
    if (USAGES.containsAll(before)) {
      for (int i = 0; i < usages.size(); i++) {
        Checks.oneOf(usages.get(i), path.index(i), errors, USAGES.toArray(String[]::new));
      }
    }
    if (Set.copyOf(before).size() == before.size()) {
      Set<String> seen = new HashSet<>();
      for (int i = 0; i < usages.size(); i++) {
        if (!seen.add(usages.get(i))) {
          errors.add(FieldError.duplicate(path.index(i), usages.get(i)));
        }
      }
    }
  }

  private static void conditions(ObjectValue request, @Nullable ObjectValue old, List<FieldError> errors) {
    List<String> before = old == null ? List.of() : conditions(old).stream().map(c -> c.string("type")).toList();
    boolean anyType = before.contains("");
    boolean both = before.containsAll(DECISIONS);
    boolean repeated = Set.copyOf(before).size() < before.size();
    Set<String> seen = new HashSet<>();
    List<ObjectValue> all = conditions(request);
    for (int i = 0; i < all.size(); i++) {
      FieldPath path = CONDITIONS.index(i);
      String type = all.get(i).string("type");
      if (!anyType && type.isEmpty()) {
        errors.add(FieldError.required(path.child("type"), ""));
      }
      String status = all.get(i).string("status");
      if (status.isEmpty()) {
        errors.add(FieldError.required(path.child("status"), ""));
      } else if (FINAL.contains(type)) {
        Checks.oneOf(status, path.child("status"), errors, "True");
      } else {
        Checks.oneOf(status, path.child("status"), errors, "False", "True", "Unknown");
      }
      String opposite = type.equals("Approved") ? "Denied" : type.equals("Denied") ? "Approved" : "-";
      if (!both && seen.contains(opposite)) {
        errors.add(FieldError.invalid(CONDITIONS, type, "Approved and Denied conditions are mutually exclusive"));
      }
      if (!seen.add(type) && !repeated) {
        errors.add(FieldError.duplicate(path.child("type"), type));
      }
    }
  }

  private static void update(ObjectValue request, ObjectValue old, Part part, List<FieldError> errors) {
    request(request, old, errors);
    for (String type : FINAL) {
      if (conditions(request, type).size() < conditions(old, type).size()) {
        errors.add(FieldError.forbidden(CONDITIONS, "updates may not remove a condition of type \"" + type + "\""));
      }
    }
    if (part != Part.APPROVAL) {
      for (String type : DECISIONS) {
        if (conditions(request, type).size() > conditions(old, type).size()) {
          errors.add(FieldError.forbidden(CONDITIONS, "updates may not add a condition of type \"" + type + "\""));
        }
      }
    }
    String before = old.string("status", "certificate");
    if (!request.string("status", "certificate").equals(before)) {
      if (part != Part.STATUS) {
        errors.add(FieldError.forbidden(CERTIFICATE, "updates may not set certificate content"));
      } else if (!before.isEmpty()) {
        errors.add(FieldError.forbidden(CERTIFICATE, "updates may not modify existing certificate content"));
      }
    }
  }
}
