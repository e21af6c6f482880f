package io.thyra.admission;

import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// The containers of a pod spec, of all three sorts.
final class PodContainers {
  static final String INIT = "initContainers";
  static final String PLAIN = "containers";
  static final String EPHEMERAL = "ephemeralContainers";

  /// A container and where it stands.
  record Placed(FieldPath path, ObjectValue container) {
    String name() {
      return container.string("name");
    }
  }

  private PodContainers() {}

  /// All of them in upstream's order: init, plain, ephemeral.
  static List<Placed> all(ObjectValue spec) {
    var found = new ArrayList<Placed>();
    for (String list : List.of(INIT, PLAIN, EPHEMERAL)) {
      List<ObjectValue> containers = spec.list(list).objects();
      for (int i = 0; i < containers.size(); i++) {
        found.add(new Placed(FieldPath.of("spec", list).index(i), containers.get(i)));
      }
    }
    return found;
  }

  static List<ObjectValue> plain(ObjectValue spec) {
    return spec.list(PLAIN).objects();
  }

  static List<ObjectValue> init(ObjectValue spec) {
    return spec.list(INIT).objects();
  }

  static List<ObjectValue> ephemeral(ObjectValue spec) {
    return spec.list(EPHEMERAL).objects();
  }

  /// The spec with each container of one sort changed.
  static ObjectValue change(ObjectValue spec, String sort, UnaryOperator<ObjectValue> change) {
    return spec.changeList(sort, list -> list.mapObjects(change));
  }
}
