package io.thyra.admission;

import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.AdmissionAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Every image is pulled anew, so that nobody runs an image that only others may pull.
/// Source: kubernetes plugin/pkg/admission/alwayspullimages/admission.go.
final class AlwaysPullImages implements Plugin {
  private static final String ALWAYS = "Always";

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes) && Resources.isWhole(attributes, Resources.PODS);
  }

  private static boolean bringsNoImage(AdmissionAttributes attributes) {
    return Resources.updates(attributes)
        && images(Resources.oldObject(attributes)).containsAll(images(Resources.object(attributes)));
  }

  private static Set<String> images(ObjectValue pod) {
    return PodContainers.all(pod.object("spec")).stream().map(c -> c.container().string("image")).collect(Collectors.toSet());
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    if (bringsNoImage(attributes)) {
      return attributes;
    }
    ObjectValue pod = Resources.object(attributes);
    ObjectValue spec = pod.object("spec");
    for (String sort : List.of(PodContainers.INIT, PodContainers.PLAIN, PodContainers.EPHEMERAL)) {
      spec = PodContainers.change(spec, sort, c -> c.with("imagePullPolicy", ALWAYS));
    }
    spec =
        spec.changeList(
            "volumes",
            volumes -> volumes.mapObjects(v -> v.has("image") ? v.withAt(new StringValue(ALWAYS), "image", "pullPolicy") : v));
    return attributes.withObject(pod.with("spec", spec));
  }

  @Override
  public void validate(AdmissionAttributes attributes) {
    if (bringsNoImage(attributes)) {
      return;
    }
    ObjectValue spec = Resources.object(attributes).object("spec");
    var errors = new ArrayList<String>();
    for (PodContainers.Placed placed : PodContainers.all(spec)) {
      check(attributes, placed.path().child("imagePullPolicy"), placed.container().string("imagePullPolicy"), errors);
    }
    List<ObjectValue> volumes = spec.list("volumes").objects();
    for (int i = 0; i < volumes.size(); i++) {
      if (volumes.get(i).get("image") instanceof ObjectValue image) {
        FieldPath path = FieldPath.of("spec", "volumes").index(i).child("image", "pullPolicy");
        check(attributes, path, image.string("pullPolicy"), errors);
      }
    }
    if (!errors.isEmpty()) {
      // Upstream puts the refusals together to something that is no refusal any more.
      throw Refusal.plain(Refusal.aggregate(errors));
    }
  }

  private static void check(AdmissionAttributes attributes, FieldPath path, String policy, List<String> errors) {
    if (!policy.equals(ALWAYS)) {
      String why = FieldError.notSupported(path, policy, List.of(ALWAYS)).toString();
      errors.add(Refusal.forbidden(attributes, why).getMessage());
    }
  }
}
