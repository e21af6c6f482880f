package io.thyra.groups.certificates;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.registry.RequestContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// PodCertificateRequests: a node asks for one of its pods, a signer answers once.
/// Source: pkg/apis/certificates/validation/validation.go, pkg/registry/certificates/podcertificaterequest/strategy.go.
final class PodCertificateRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final FieldPath CONDITIONS = STATUS.child("conditions");
  private static final FieldPath SECONDS = SPEC.child("maxExpirationSeconds");
  private static final List<String> OUTCOMES = List.of("Issued", "Denied", "Failed");
  private static final int UID_BYTES_MAX = 128;
  private static final int ANNOTATIONS_BYTES_MAX = 256 * 1024;
  private static final int KEY_BYTES_MAX = 10 * 1024;
  private static final long SECONDS_MIN = 60 * 60;
  private static final long SECONDS_MAX = 91L * 24 * 60 * 60;
  private static final long KUBERNETES_SECONDS_MAX = 24 * 60 * 60;

  private PodCertificateRules() {}

  static void declare(Group.Declaration r, Authorizer authorizer) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .dropsStatus()
        .requiresResourceVersion()
        .createRules((request, _, errors) -> create(request.object("spec"), errors))
        .updateRules((request, old, _, errors) -> Checks.immutable(r.struct(), request, old, null, errors, "spec"));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .resetsMetadata()
        .requiresResourceVersion()
        .contextUpdateRules(
            (context, request, old, errors) -> {
              if (errors.isEmpty()) {
                status(context, request, old, errors);
              }
              if (errors.isEmpty()) {
                signer(context, authorizer, request, old, errors);
              }
            });
  }

  private static void create(ObjectValue spec, List<FieldError> errors) {
    String signer = spec.string("signerName");
    SignerName.check(signer, SPEC.child("signerName"), errors);
    annotations(spec.object("unverifiedUserAnnotations"), errors);
    for (String who : List.of("pod", "serviceAccount", "node")) {
      Rules.checkFormat(spec.string(who + "Name"), SPEC.child(who + "Name"), errors, Names::dns1123Subdomain);
      String uid = spec.string(who + "UID");
      if (uid.isEmpty()) {
        errors.add(FieldError.invalid(SPEC.child(who + "UID"), "", "must not be empty"));
      }
      if (uid.getBytes(StandardCharsets.UTF_8).length > UID_BYTES_MAX) {
        errors.add(FieldError.tooLong(SPEC.child(who + "UID"), UID_BYTES_MAX));
      }
    }
    if (!isSet(spec, "maxExpirationSeconds")) {
      errors.add(FieldError.required(SECONDS, "must be set"));
      return;
    }
    long seconds = spec.integer(0, "maxExpirationSeconds");
    long most = SignerName.isKubernetes(signer) ? KUBERNETES_SECONDS_MAX : SECONDS_MAX;
    if (seconds < SECONDS_MIN || seconds > most) {
      errors.add(FieldError.invalid(SECONDS, seconds, "must be in the range [" + SECONDS_MIN + ", " + most + "]"));
    }
    byte[] stub = bytes(spec, "stubPKCS10Request");
    byte[] key = bytes(spec, "pkixPublicKey");
    byte[] proof = bytes(spec, "proofOfPossession");
    if (stub.length > 0 && key.length == 0 && proof.length == 0) {
      stub(stub, errors);
    } else if (stub.length == 0 && key.length > 0 && proof.length > 0) {
      key(spec, key, proof, errors);
    } else {
      String why = "exactly one of (stubPKCS10Request) or (pkixPublicKey, proofOfPossession) must be set";
      errors.add(Checks.invalidUnshown(SPEC, why));
    }
  }

  static byte[] bytes(ObjectValue spec, String field) {
    return Base64.getMimeDecoder().decode(spec.string(field));
  }

  private static void annotations(ObjectValue annotations, List<FieldError> errors) {
    FieldPath path = SPEC.child("unverifiedUserAnnotations");
    long bytes = 0;
    for (Map.Entry<String, String> entry : new TreeMap<>(annotations.strings()).entrySet()) {
      bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length + entry.getValue().getBytes(StandardCharsets.UTF_8).length;
      String key = entry.getKey().toLowerCase(Locale.ROOT);
      List<String> complaints = Names.qualifiedName(key);
      if (key.isEmpty()) {
        errors.add(FieldError.required(path, ""));
      } else if (!complaints.isEmpty()) {
        complaints.forEach(complaint -> errors.add(FieldError.invalid(path, key, complaint)));
      } else if (!key.contains("/")) {
        errors.add(FieldError.invalid(path, key, "must be a domain-prefixed key (such as \"acme.io/foo\")"));
      }
    }
    if (bytes > ANNOTATIONS_BYTES_MAX) {
      errors.add(FieldError.tooLong(path, ANNOTATIONS_BYTES_MAX));
    }
  }

  private static void stub(byte[] request, List<FieldError> errors) {
    FieldPath path = SPEC.child("stubPKCS10Request");
    if (request.length > KEY_BYTES_MAX) {
      errors.add(FieldError.tooLong(path, KEY_BYTES_MAX));
      return;
    }
    switch (StubRequest.read(request)) {
      case StubRequest.Unreadable _ -> errors.add(Checks.invalidUnshown(path, "must be a valid PKCS#10 CSR"));
      case StubRequest.Read(PodKey key, boolean signed) -> {
        int before = errors.size();
        key.check(path, "elliptic public keys must use curve P256, P384, or P521", errors);
        if (key.isUnknown()) {
          errors.add(Checks.invalidUnshown(path, PodKey.UNKNOWN));
        } else if (errors.size() == before && !signed) {
          errors.add(Checks.invalidUnshown(path, "invalid signature"));
        }
      }
    }
  }

  private static void key(ObjectValue spec, byte[] key, byte[] proof, List<FieldError> errors) {
    FieldPath path = SPEC.child("pkixPublicKey");
    FieldPath proofPath = SPEC.child("proofOfPossession");
    if (key.length > KEY_BYTES_MAX || proof.length > KEY_BYTES_MAX) {
      errors.add(FieldError.tooLong(key.length > KEY_BYTES_MAX ? path : proofPath, KEY_BYTES_MAX));
      return;
    }
    var read = PodKey.read(key);
    if (read.isEmpty()) {
      errors.add(Checks.invalid(path, spec.get("pkixPublicKey"), "must be a valid PKIX-serialized public key"));
      return;
    }
    int before = errors.size();
    read.get().check(path, "elliptic public keys must use curve P256 or P384", errors);
    if (read.get().isUnknown()) {
      errors.add(Checks.invalid(path, spec.get("pkixPublicKey"), PodKey.UNKNOWN));
    } else if (errors.size() == before && !read.get().verifies(spec.string("podUID").getBytes(StandardCharsets.UTF_8), proof)) {
      errors.add(Checks.invalidUnshown(proofPath, "could not verify proof-of-possession signature"));
    }
  }

  private static boolean is(ObjectValue request, String outcome) {
    return request.list("status", "conditions").objects().stream()
        .anyMatch(condition -> condition.string("type").equals(outcome) && condition.string("status").equals("True"));
  }

  private static void status(RequestContext context, ObjectValue request, ObjectValue old, List<FieldError> errors) {
    conditions(request.list("status", "conditions").objects(), errors);
    errors.addAll(ObjectMetaValidation.conditions(request.list("status", "conditions"), CONDITIONS));
    if (!errors.isEmpty()) {
      return;
    }
    ObjectValue status = request.object("status");
    if (OUTCOMES.stream().anyMatch(outcome -> is(old, outcome))) {
      same(status, old.object("status"), "immutable after PodCertificateRequest is issued, denied, or failed", errors);
    } else if (is(request, "Denied") || is(request, "Failed")) {
      ObjectValue alone = ObjectValue.of("conditions", status.list("conditions"));
      same(status, alone, "non-condition status fields must be empty when denying or failing the PodCertificateRequest", errors);
    } else if (is(request, "Issued")) {
      new IssuedCertificate(old.object("spec"), status, context.now()).check(errors);
    } else {
      same(status, old.object("status"), "status is immutable unless transitioning to \"Issued\", \"Denied\", or \"Failed\"", errors);
    }
  }

  private static void same(ObjectValue status, ObjectValue wanted, String why, List<FieldError> errors) {
    if (!Checks.sameMeaning(status, wanted)) {
      errors.add(Checks.invalidUnshown(STATUS, why));
    }
  }

  private static void conditions(List<ObjectValue> conditions, List<FieldError> errors) {
    int known = 0;
    for (int i = 0; i < conditions.size(); i++) {
      // Upstream puts the index where the name of a field belongs.
      FieldPath path = CONDITIONS.child("[" + i + "]");
      String type = conditions.get(i).string("type");
      if (!OUTCOMES.contains(type)) {
        errors.add(FieldError.notSupported(path.child("type"), type, OUTCOMES));
        continue;
      }
      known++;
      if (known > 1) {
        String why = "There may be at most one condition with type \"Issued\", \"Denied\", or \"Failed\"";
        errors.add(FieldError.invalid(path.child("type"), type, why));
      }
      Checks.oneOf(conditions.get(i).string("status"), path.child("status"), errors, "True");
    }
  }

  private static void signer(
      RequestContext context, Authorizer authorizer, ObjectValue request, ObjectValue old, List<FieldError> errors) {
    if (Checks.sameMeaning(request.get("status"), old.get("status"))) {
      return;
    }
    String signer = old.string("spec", "signerName");
    int slash = signer.indexOf('/');
    String all = (slash < 0 ? signer : signer.substring(0, slash)) + "/*";
    boolean allowed = maySign(context, authorizer, signer) || maySign(context, authorizer, all);
    if (!allowed) {
      String why =
          "User " + GoText.quote(context.user().name()) + " is not permitted to \"sign\" for signer " + GoText.quote(signer);
      errors.add(FieldError.forbidden(SPEC.child("signerName"), why));
    }
  }

  private static boolean maySign(RequestContext context, Authorizer authorizer, String signer) {
    var question = AuthorizationAttributes.resource(context.user(), "sign", "certificates.k8s.io", "*", "signers", "", "", signer);
    return authorizer.authorize(question).allowed();
  }
}
