package io.thyra.groups.resource;

import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.Set;
import java.util.function.UnaryOperator;

/// `v1beta1` objects and back. There a device request names its device class itself where the newer versions say
/// `exactly`, and a device of a slice wraps what it has in `basic`.
/// Source: pkg/apis/resource/v1beta1/conversion.go.
final class ResourceConversion {
  private static final Set<String> OUTER = Set.of("name", "firstAvailable");

  private ResourceConversion() {}

  static ObjectValue claimToHub(ObjectValue claim) {
    return claim.change("spec", spec -> requests(spec, ResourceConversion::nest));
  }

  static ObjectValue claimFromHub(ObjectValue claim) {
    return claim.change("spec", spec -> requests(spec, ResourceConversion::flatten));
  }

  static ObjectValue templateToHub(ObjectValue template) {
    return template.change("spec", outer -> outer.change("spec", spec -> requests(spec, ResourceConversion::nest)));
  }

  static ObjectValue templateFromHub(ObjectValue template) {
    return template.change("spec", outer -> outer.change("spec", spec -> requests(spec, ResourceConversion::flatten)));
  }

  private static ObjectValue requests(ObjectValue spec, UnaryOperator<ObjectValue> change) {
    return spec.change("devices", devices -> devices.changeList("requests", all -> all.mapObjects(change)));
  }

  private static ObjectValue nest(ObjectValue request) {
    var outer = ObjectValue.builder().put("name", request.string("name"));
    var inner = ObjectValue.builder();
    request.forEach(
        (name, value) -> {
          if (!OUTER.contains(name) && !(name.equals("deviceClassName") && isEmpty(value))) {
            inner.put(name, value);
          }
        });
    ObjectValue exactly = inner.build();
    if (!exactly.isEmpty()) {
      outer.put("exactly", exactly);
    }
    Value alternatives = request.get("firstAvailable");
    if (alternatives != null) {
      outer.put("firstAvailable", alternatives);
    }
    return outer.build();
  }

  private static boolean isEmpty(Value value) {
    return value.toString().isEmpty();
  }

  private static ObjectValue flatten(ObjectValue request) {
    var out = ObjectValue.builder().put("name", request.string("name"));
    request.object("exactly").forEach(out::put);
    Value alternatives = request.get("firstAvailable");
    if (alternatives != null) {
      out.put("firstAvailable", alternatives);
    }
    return out.build();
  }

  static ObjectValue sliceToHub(ObjectValue slice) {
    return devices(
        slice,
        device -> {
          var out = ObjectValue.builder().put("name", device.string("name"));
          device.object("basic").forEach(out::put);
          return out.build();
        });
  }

  static ObjectValue sliceFromHub(ObjectValue slice) {
    return devices(
        slice,
        device ->
            ObjectValue.builder().put("name", device.string("name")).put("basic", device.without("name")).build());
  }

  private static ObjectValue devices(ObjectValue slice, UnaryOperator<ObjectValue> change) {
    return slice.change("spec", spec -> spec.changeList("devices", (ListValue all) -> all.mapObjects(change)));
  }
}
