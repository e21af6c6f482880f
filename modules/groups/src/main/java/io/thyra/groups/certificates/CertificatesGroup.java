package io.thyra.groups.certificates;

import io.thyra.groups.Cells;
import io.thyra.groups.Columns;
import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.groups.core.CoreFields;
import io.thyra.model.ObjectValue;
import io.thyra.registry.SelectableFields;
import io.thyra.registry.TableColumns;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// `certificates.k8s.io`: signing requests, trust bundles, and the certificates of pods.
public final class CertificatesGroup {
  private static final SelectableFields SIGNER = SelectableFields.of(Map.of("spec.signerName", CoreFields.at("spec", "signerName")));
  private static final SelectableFields POD =
      SelectableFields.of(
          Map.of(
              "spec.signerName", CoreFields.at("spec", "signerName"),
              "spec.podName", CoreFields.at("spec", "podName"),
              "spec.nodeName", CoreFields.at("spec", "nodeName")));

  // The layout of the list is lost where the schema is published.
  private static final String DURATION_OF_V1BETA1 =
      """
      expirationSeconds is the requested duration of validity of the issued certificate. The certificate signer may issue a certificate \
      with a different validity duration so a client must check the delta between the notBefore and and notAfter fields in the issued \
      certificate to determine the actual duration.

      The v1.22+ in-tree implementations of the well-known Kubernetes signers will honor this field as long as the requested duration is \
      not greater than the maximum duration they will honor per the --cluster-signing-duration CLI flag to the Kubernetes controller \
      manager.

      Certificate signers may not honor this field for various reasons:

        1. Old signer that is unaware of the field (such as the in-tree
           implementations prior to v1.22)
        2. Signer whose configured maximum is shorter than the requested duration
        3. Signer whose configured minimum is longer than the requested duration

      The minimum valid value for expirationSeconds is 600, i.e. 10 minutes.""";

  // Upstream's printer reads the words of v1beta1, which had defaults.
  private static final String SIGNER_OF_V1BETA1 =
      """
      Requested signer for the request. It is a qualified name in the form: `scope-hostname.io/name`. If empty, it will be defaulted:
       1. If it's a kubelet client certificate, it is assigned
          "kubernetes.io/kube-apiserver-client-kubelet".
       2. If it's a kubelet serving certificate, it is assigned
          "kubernetes.io/kubelet-serving".
       3. Otherwise, it is assigned "kubernetes.io/legacy-unknown".
      Distribution of trust for signers happens out of band. You can select on this field using `spec.signerName`.""";

  private CertificatesGroup() {}

  public static void declare(Group group, GroupDependencies needs) {
    group.resource(
        "certificatesigningrequests",
        r -> {
          r.columns(CertificatesGroup::signingRequest).selectable(SIGNER);
          SigningRequestRules.declare(r);
        });
    group.resource(
        "clustertrustbundles",
        r -> {
          r.storedIn("v1beta1").gate("ClusterTrustBundle").selectable(SIGNER);
          r.columns(
              c ->
                  c.text(
                          "SignerName",
                          c.doc("certificates.v1beta1.ClusterTrustBundleSpec", "signerName"),
                          o -> Cells.orNone(o.string("spec", "signerName")))
                      .build());
          TrustBundleRules.declare(r);
        });
    group.resource(
        "podcertificaterequests",
        r -> {
          r.storedIn("v1beta1").gate("PodCertificateRequest").selectable(POD).columns(CertificatesGroup::podRequest);
          PodCertificateRules.declare(r, needs.authorizer());
        });
  }

  private static TableColumns signingRequest(Columns columns) {
    return columns
        .age()
        .text("SignerName", SIGNER_OF_V1BETA1, o -> Cells.orNone(o.string("spec", "signerName")))
        .text("Requestor", "Base64-encoded PKCS#10 CSR data", o -> o.string("spec", "username"))
        .text("RequestedDuration", DURATION_OF_V1BETA1, CertificatesGroup::duration)
        .text("Condition", "Conditions applied to the request, such as approval or denial.", CertificatesGroup::condition)
        .build();
  }

  private static String duration(ObjectValue request) {
    long seconds = request.integer(Long.MIN_VALUE, "spec", "expirationSeconds");
    return seconds == Long.MIN_VALUE ? Cells.NONE : Cells.human(Duration.ofSeconds(seconds));
  }

  private static String condition(ObjectValue request) {
    List<String> types = request.list("status", "conditions").objects().stream().map(c -> c.string("type")).toList();
    var out = new StringBuilder(types.contains("Denied") ? "Denied" : types.contains("Approved") ? "Approved" : "Pending");
    if (types.contains("Failed")) {
      out.append(",Failed");
    }
    if (!request.string("status", "certificate").isEmpty()) {
      out.append(",Issued");
    }
    return out.toString();
  }

  private static TableColumns podRequest(Columns columns) {
    String spec = "certificates.v1beta1.PodCertificateRequestSpec";
    return columns
        .text("PodName", columns.doc(spec, "podName"), o -> o.string("spec", "podName"))
        .text("ServiceAccountName", columns.doc(spec, "serviceAccountName"), o -> o.string("spec", "serviceAccountName"))
        .text("NodeName", columns.doc(spec, "nodeName"), o -> o.string("spec", "nodeName"))
        .text("SignerName", columns.doc(spec, "signerName"), o -> o.string("spec", "signerName"))
        .text("State", "Is the request Pending, Issued, Denied, or Failed?", CertificatesGroup::state)
        .text(
            "UnverifiedUserAnnotations",
            columns.doc(spec, "unverifiedUserAnnotations"),
            o -> Cells.labels(o.object("spec", "unverifiedUserAnnotations")))
        .build();
  }

  private static String state(ObjectValue request) {
    return request.list("status", "conditions").objects().stream()
        .map(c -> c.string("type"))
        .filter(List.of("Issued", "Denied", "Failed")::contains)
        .reduce((_, last) -> last)
        .orElse("Pending");
  }
}
