package io.thyra.admission;

import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.util.List;
import java.util.Optional;

/// An ingress without a class gets the default one.
/// Source: kubernetes plugin/pkg/admission/network/defaultingressclass/admission.go.
final class DefaultIngressClass implements Plugin {
  private static final List<String> DEFAULT = List.of("ingressclass.kubernetes.io/is-default-class");

  private final Registry registry;

  DefaultIngressClass(Registry registry) {
    this.registry = registry;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.creates(attributes) && Resources.isWhole(attributes, Resources.INGRESSES);
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    ObjectValue ingress = Resources.object(attributes);
    boolean has =
        ingress.at("spec", "ingressClassName") instanceof StringValue
            || ingress.object("metadata", "annotations").has("kubernetes.io/ingress.class");
    if (has) {
      return attributes;
    }
    Optional<String> name = DefaultClass.find(registry.peekAll(Resources.INGRESS_CLASSES, ""), DEFAULT);
    return name.isEmpty()
        ? attributes
        : attributes.withObject(ingress.withAt(new StringValue(name.get()), "spec", "ingressClassName"));
  }
}
