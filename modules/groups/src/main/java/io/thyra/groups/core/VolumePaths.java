package io.thyra.groups.core;

import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Files of one volume that would lie within each other. Source: pkg/api/pod/warnings.go.
final class VolumePaths {
  private final ObjectValue volume;
  private final List<String> out;

  VolumePaths(ObjectValue volume, List<String> out) {
    this.volume = volume;
    this.out = out;
  }

  private record Placed(String path, String source) {
    @Override
    public String toString() {
      return GoText.quote(path) + (source.isEmpty() ? "" : " (" + source + ")");
    }

    boolean meets(Placed other) {
      return !path.isEmpty()
          && !other.path.isEmpty()
          && ((path + "/").startsWith(other.path + "/") || (other.path + "/").startsWith(path + "/"));
    }
  }

  void check() {
    plain("configMap", source -> "ConfigMap " + GoText.quote(source.string("name")));
    plain("secret", source -> "Secret " + GoText.quote(source.string("secretName")));
    plain("downwardAPI", _ -> "DownwardAPI");
    var all = new ArrayList<Placed>();
    for (ObjectValue source : volume.list("projected", "sources").objects()) {
      if (source.isEmpty()) {
        out.add("volume " + GoText.quote(volume.string("name")) + " (Projected) has no sources provided");
      }
      paths(source).forEach(placed -> place(placed, all, "Projected"));
    }
  }

  private void plain(String type, Function<ObjectValue, String> description) {
    ListValue items = volume.list(type, "items");
    // One alone meets nothing.
    if (items.size() < 2) {
      return;
    }
    var all = new ArrayList<Placed>();
    items(items, "").forEach(placed -> place(placed, all, description.apply(volume.object(type))));
  }

  private static List<Placed> items(ListValue items, String source) {
    return items.objects().stream().map(item -> new Placed(item.string("path"), source)).toList();
  }

  private static List<Placed> paths(ObjectValue source) {
    for (String type : List.of("configMap", "secret")) {
      if (source.object(type).has("items")) {
        String kind = type.equals("secret") ? "Secret " : "ConfigMap ";
        return items(source.list(type, "items"), kind + GoText.quote(source.string(type, "name")));
      }
    }
    if (source.object("downwardAPI").has("items")) {
      return items(source.list("downwardAPI", "items"), "DownwardAPI");
    }
    if (source.get("serviceAccountToken") instanceof ObjectValue token) {
      return List.of(new Placed(token.string("path"), "ServiceAccountToken"));
    }
    if (source.get("clusterTrustBundle") instanceof ObjectValue bundle) {
      String name = bundle.has("name") ? bundle.string("name") : bundle.string("signerName");
      return List.of(new Placed(bundle.string("path"), "ClusterTrustBundle " + GoText.quote(name)));
    }
    var certificate = new ArrayList<Placed>();
    if (source.get("podCertificate") instanceof ObjectValue pod) {
      add(certificate, pod.string("certificateChainPath"), "PodCertificate chain");
      add(certificate, pod.string("keyPath"), "PodCertificate key");
      add(certificate, pod.string("credentialBundlePath"), "PodCertificate credential bundle");
    }
    return certificate;
  }

  private static void add(List<Placed> all, String path, String source) {
    if (!path.isEmpty()) {
      all.add(new Placed(path, source));
    }
  }

  private void place(Placed said, List<Placed> all, String description) {
    int end = said.path().length();
    while (end > 0 && said.path().charAt(end - 1) == '/') {
      end--;
    }
    var placed = new Placed(said.path().substring(0, end), said.source());
    for (Placed other : all) {
      if (placed.meets(other)) {
        out.add(
            "volume " + GoText.quote(volume.string("name")) + " (" + description + "): overlapping paths: " + placed + " with " + other);
      }
    }
    all.add(placed);
  }
}
