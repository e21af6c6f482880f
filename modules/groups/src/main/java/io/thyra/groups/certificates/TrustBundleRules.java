package io.thyra.groups.certificates;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.Rules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// ClusterTrustBundles. Source: pkg/apis/certificates/validation/validation.go.
final class TrustBundleRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath BUNDLE = SPEC.child("trustBundle");
  private static final int BYTES_MAX = 1024 * 1024;

  private TrustBundleRules() {}

  static void declare(Group.Declaration r) {
    r.rules()
        .named((_, _) -> List.of())
        .checksNameOnUpdate()
        .requiresResourceVersion()
        .rules((bundle, _, errors) -> named(bundle, errors))
        .createRules((bundle, _, errors) -> anchors(bundle.string("spec", "trustBundle"), errors))
        .updateRules(
            (bundle, old, _, errors) -> {
              if (!bundle.string("spec", "trustBundle").equals(old.string("spec", "trustBundle"))) {
                anchors(bundle.string("spec", "trustBundle"), errors);
              }
              Checks.immutable(GoStruct.at(r.struct(), "spec"), bundle.object("spec"), old.object("spec"), SPEC, errors, "signerName");
            });
  }

  private static void named(ObjectValue bundle, List<FieldError> errors) {
    String signer = bundle.string("spec", "signerName");
    String name = bundle.string("metadata", "name");
    if (!name.isEmpty()) {
      Rules.checkFormat(name, FieldPath.of("metadata", "name"), errors, text -> complaints(text, signer));
    }
    if (!signer.isEmpty()) {
      SignerName.check(signer, SPEC.child("signerName"), errors);
    }
  }

  private static List<String> complaints(String name, String signer) {
    if (signer.isEmpty()) {
      return name.contains(":")
          ? List.of("ClusterTrustBundle without signer name must not have \":\" in its name")
          : Names.dns1123Subdomain(name);
    }
    String prefix = signer.replace("/", ":") + ":";
    return name.startsWith(prefix)
        ? Names.dns1123Subdomain(name.substring(prefix.length()))
        : List.of("ClusterTrustBundle for signerName " + signer + " must be named with prefix " + prefix);
  }

  private static void anchors(String text, List<FieldError> errors) {
    if (text.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      errors.add(FieldError.tooLong(BUNDLE, BYTES_MAX));
      return;
    }
    int before = errors.size();
    Map<String, List<Integer>> seen = new LinkedHashMap<>();
    List<Pem> blocks = Pem.parse(text);
    for (int i = 0; i < blocks.size(); i++) {
      Optional<String> complaint = findComplaint(blocks.get(i));
      if (complaint.isPresent()) {
        omitted("entry " + i + " " + complaint.get(), errors);
      } else {
        seen.computeIfAbsent(Base64.getEncoder().encodeToString(blocks.get(i).bytes()), _ -> new ArrayList<>()).add(i);
      }
    }
    if (errors.size() > before) {
      return;
    }
    if (seen.isEmpty()) {
      omitted("at least one trust anchor must be provided", errors);
    }
    for (List<Integer> indices : seen.values()) {
      if (indices.size() > 1) {
        String told = String.join(" ", indices.stream().map(String::valueOf).toList());
        omitted("duplicate trust anchor (indices [" + told + "])", errors);
      }
    }
  }

  private static void omitted(String complaint, List<FieldError> errors) {
    errors.add(FieldError.invalid(BUNDLE, "<value omitted>", complaint));
  }

  private static Optional<String> findComplaint(Pem block) {
    if (!block.type().equals("CERTIFICATE")) {
      return Optional.of("has bad block type: " + block.type());
    }
    if (block.headers()) {
      return Optional.of("has PEM block headers");
    }
    try {
      var in = new ByteArrayInputStream(block.bytes());
      var certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      return certificate.getBasicConstraints() < 0 ? Optional.of("does not have the CA bit set") : Optional.empty();
    } catch (CertificateException _) {
      return Optional.of("does not parse as X.509");
    }
  }
}
