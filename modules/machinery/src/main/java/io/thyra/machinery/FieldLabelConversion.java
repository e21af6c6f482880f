package io.thyra.machinery;

import io.thyra.model.GoText;
import io.thyra.model.GroupVersionKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Which fields of a kind a selector may name, what they are called inside, and the complaint about others.
/// Immutable.
public final class FieldLabelConversion {
  /// The fields that every kind without a conversion of its own has.
  public static final FieldLabelConversion METADATA =
      new FieldLabelConversion(
          Set.of("metadata.name", "metadata.namespace"),
          Map.of(),
          label ->
              GoText.quote(label) + " is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");

  private static final UnaryOperator<String> PLAIN = label -> "field label not supported: " + label;

  private static final List<String> EVENT_OBJECT =
      List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath");

  private final Set<String> labels;
  private final Map<String, String> renamed;
  private final UnaryOperator<String> complaint;

  /// @param labels the fields that are known under their own name
  /// @param renamed other names and the fields they mean
  /// @param complaint the error text for an unknown label
  public FieldLabelConversion(Set<String> labels, Map<String, String> renamed, UnaryOperator<String> complaint) {
    this.labels = Set.copyOf(labels);
    this.renamed = Map.copyOf(renamed);
    this.complaint = complaint;
  }

  /// A conversion with the usual complaint.
  public static FieldLabelConversion of(String... labels) {
    return new FieldLabelConversion(Set.of(labels), Map.of(), PLAIN);
  }

  /// The conversion of a built-in kind. Source: kubernetes pkg/apis/*/v*/conversion.go.
  public static FieldLabelConversion builtin(GroupVersionKind kind) {
    String group = kind.group();
    return switch (group + "/" + kind.kind()) {
      case "/Pod" -> pods();
      case "/Node" -> of("metadata.name", "spec.unschedulable");
      case "/ReplicationController" -> of("metadata.name", "metadata.namespace", "status.replicas");
      case "/Namespace" -> of("status.phase", "metadata.name");
      case "/Secret" -> of("type", "metadata.namespace", "metadata.name");
      case "/Service" -> of("metadata.namespace", "metadata.name", "spec.clusterIP", "spec.type");
      case "/Event" -> coreEvents();
      case "events.k8s.io/Event" -> events();
      case "certificates.k8s.io/CertificateSigningRequest", "certificates.k8s.io/ClusterTrustBundle" ->
          of("metadata.name", "spec.signerName");
      case "certificates.k8s.io/PodCertificateRequest" ->
          of("metadata.name", "spec.signerName", "spec.podName", "spec.nodeName");
      case "resource.k8s.io/ResourceSlice" ->
          new FieldLabelConversion(
              Set.of("metadata.name", "spec.nodeName", "spec.driver"),
              Map.of(),
              label -> "field label not supported for " + group + "/" + kind.version() + ", Kind=ResourceSlice: " + label);
      case "batch/Job" ->
          new FieldLabelConversion(
              Set.of("metadata.name", "metadata.namespace", "status.successful"),
              Map.of(),
              label -> "field label " + GoText.quote(label) + " not supported for Job");
      default -> METADATA;
    };
  }

  private static FieldLabelConversion pods() {
    return new FieldLabelConversion(
        Set.of(
            "metadata.name",
            "metadata.namespace",
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName"),
        Map.of("spec.host", "spec.nodeName"),
        PLAIN);
  }

  private static FieldLabelConversion coreEvents() {
    var labels =
        new HashSet<>(
            Set.of("reason", "reportingComponent", "source", "type", "metadata.namespace", "metadata.name"));
    EVENT_OBJECT.forEach(name -> labels.add("involvedObject." + name));
    return new FieldLabelConversion(labels, Map.of(), PLAIN);
  }

  private static FieldLabelConversion events() {
    var renamed = new HashMap<>(Map.of("reportingController", "reportingComponent"));
    EVENT_OBJECT.forEach(name -> renamed.put("regarding." + name, "involvedObject." + name));
    return new FieldLabelConversion(
        Set.of("reason", "type", "metadata.namespace", "metadata.name"), renamed, PLAIN);
  }

  /// The field that a label means inside; unknown labels are a [SyntaxException] with the kind's complaint.
  public String convert(String label) {
    if (labels.contains(label)) {
      return label;
    }
    String other = renamed.get(label);
    if (other == null) {
      throw new SyntaxException(complaint.apply(label));
    }
    return other;
  }
}
