package io.thyra.controllers;

import io.thyra.model.ApiException;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Actor;
import io.thyra.registry.Registry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a server tells its cluster about itself: the ServiceCIDR `kubernetes`, the Service default/kubernetes, the ConfigMap by
/// which extension servers verify it, its identity Lease.
/// Source: kubernetes pkg/controlplane, pkg/controlplane/controller/{kubernetesservice,clusterauthenticationtrust,defaultservicecidr}.
final class ClusterObjects {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterObjects.class);

  /// What the objects say.
  ///
  /// @param advertiseAddress the address in the endpoints of the kubernetes Service
  /// @param serviceRanges the ranges of cluster IPs; the first address of the first is that Service's
  /// @param authentication the data of the ConfigMap extension-apiserver-authentication
  /// @param shared whether other servers use the store too
  record Facts(
      String advertiseAddress,
      int securePort,
      int nodePort,
      boolean reconcileEndpoints,
      List<String> serviceRanges,
      String kubernetesServiceAddress,
      ObjectValue authentication,
      boolean shared) {}

  private static final GroupResource SERVICE_CIDRS = new GroupResource("networking.k8s.io", "servicecidrs");
  private static final GroupResource SERVICES = new GroupResource("", "services");
  private static final GroupResource ENDPOINTS = new GroupResource("", "endpoints");
  private static final GroupResource SLICES = new GroupResource("discovery.k8s.io", "endpointslices");
  private static final GroupResource CONFIG_MAPS = new GroupResource("", "configmaps");
  private static final GroupResource LEASES = new GroupResource("coordination.k8s.io", "leases");
  private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final Actor RANGE_ACTOR = new Actor(Registry.SYSTEM, "kubernetes-service-cidr-controller");
  private static final int LEASE_SECONDS = 3600;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final Registry registry;
  private final Facts facts;
  private final String identity;
  private final MasterLeases masters;
  // Under the lock of this.
  private boolean withdrawn;
  // Of the one loop that looks after the ranges.
  private boolean toldMismatch;

  ClusterObjects(Registry registry, Facts facts) {
    this.registry = registry;
    this.facts = facts;
    this.masters = new MasterLeases(registry);
    this.identity = "apiserver-" + identityHash(hostname());
  }

  /// Makes the ServiceCIDR that the flag of the ranges says, or lets the one of a single family grow to two. One of other ranges
  /// is left alone: it takes somebody who knows the cluster.
  void makeServiceRange() {
    ListValue blocks = ListValue.ofStrings(facts.serviceRanges());
    createOnce(
        Registry.SYSTEM_ACTOR,
        SERVICE_CIDRS,
        object("ServiceCIDR", "networking.k8s.io/v1", "", "kubernetes").with("spec", ObjectValue.of("cidrs", blocks)));
    ObjectValue live = registry.get(SERVICE_CIDRS, "", "kubernetes");
    ListValue known = live.list("spec", "cidrs");
    if (known.size() == 1 && blocks.size() == 2 && known.get(0).equals(blocks.get(0))) {
      registry.update(
          Registry.SYSTEM_ACTOR, SERVICE_CIDRS, "", "", "kubernetes", current -> current.withAt(blocks, "spec", "cidrs"));
    } else if (!known.equals(blocks)) {
      if (!toldMismatch) {
        toldMismatch = true;
        LOG.warn("the ServiceCIDR kubernetes has {}, --service-cluster-ip-range says {}", known.strings(), facts.serviceRanges());
      }
      return;
    }
    boolean undecided = live.list("status", "conditions").objects().stream()
        .noneMatch(condition -> condition.string("type").equals("Ready") && !condition.string("status").equals("Unknown"));
    if (undecided && !live.object("metadata").has("deletionTimestamp")) {
      ObjectValue ready =
          ObjectValue.builder()
              .put("type", "Ready")
              .put("status", "True")
              .put("lastTransitionTime", registry.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString())
              .put("message", "Kubernetes default Service CIDR is ready")
              .build();
      ObjectValue status = ObjectValue.of("conditions", ListValue.of(ready));
      registry.apply(
          RANGE_ACTOR,
          SERVICE_CIDRS,
          "status",
          "",
          "kubernetes",
          object("ServiceCIDR", "networking.k8s.io/v1", "", "kubernetes").with("status", status));
    }
  }

  void makeKubernetesService() {
    ObjectValue port =
        ObjectValue.builder()
            .put("name", "https")
            .put("protocol", "TCP")
            .put("port", 443)
            .put("targetPort", facts.securePort())
            .build();
    if (facts.nodePort() > 0) {
      port = port.with("nodePort", facts.nodePort());
    }
    ObjectValue spec =
        ObjectValue.builder()
            .put("clusterIP", facts.kubernetesServiceAddress())
            .put("clusterIPs", ListValue.ofStrings(List.of(facts.kubernetesServiceAddress())))
            .put("ipFamilyPolicy", "SingleStack")
            .put("ports", ListValue.of(port))
            .put("sessionAffinity", "None")
            .put("type", facts.nodePort() > 0 ? "NodePort" : "ClusterIP")
            .build();
    ObjectValue labels = ObjectValue.builder().put("component", "apiserver").put("provider", "kubernetes").build();
    ObjectValue service = object("Service", "v1", "default", "kubernetes").withAt(labels, "metadata", "labels").with("spec", spec);
    createOnce(Registry.SYSTEM_ACTOR, SERVICES, service);
    announce();
  }

  /// Makes this server one of the endpoints of the kubernetes Service, beside the others that are alive.
  synchronized void announce() {
    if (!facts.reconcileEndpoints() || withdrawn) {
      return;
    }
    if (facts.shared()) {
      masters.renew(facts.advertiseAddress());
      putEndpoints(masters.addresses());
    } else {
      putEndpoints(List.of(facts.advertiseAddress()));
    }
  }

  /// Takes this server out of the endpoints, so that nobody is sent to it any more.
  synchronized void withdraw() {
    if (facts.reconcileEndpoints() && facts.shared() && !withdrawn) {
      withdrawn = true;
      masters.remove(facts.advertiseAddress());
      List<String> left = masters.addresses();
      if (!left.isEmpty()) {
        putEndpoints(left);
      }
    }
  }

  private void putEndpoints(List<String> addresses) {
    ObjectValue port = ObjectValue.builder().put("name", "https").put("port", facts.securePort()).put("protocol", "TCP").build();
    ObjectValue subset =
        ObjectValue.of(
            "addresses",
            new ListValue(addresses.stream().<Value>map(address -> ObjectValue.builder().put("ip", address).build()).toList()),
            "ports",
            ListValue.of(port));
    ObjectValue mirrored = ObjectValue.builder().put("endpointslice.kubernetes.io/skip-mirror", "true").build();
    put(
        ENDPOINTS,
        object("Endpoints", "v1", "default", "kubernetes").withAt(mirrored, "metadata", "labels").with("subsets", ListValue.of(subset)),
        "subsets");
    List<Value> endpoints =
        addresses.stream()
            .<Value>map(
                address ->
                    ObjectValue.of(
                        "addresses", ListValue.ofStrings(List.of(address)), "conditions", ObjectValue.builder().put("ready", true).build()))
            .toList();
    ObjectValue labels = ObjectValue.builder().put("kubernetes.io/service-name", "kubernetes").build();
    put(
        SLICES,
        object("EndpointSlice", "discovery.k8s.io/v1", "default", "kubernetes")
            .withAt(labels, "metadata", "labels")
            .with("addressType", facts.advertiseAddress().contains(":") ? "IPv6" : "IPv4")
            .with("endpoints", new ListValue(endpoints))
            .with("ports", ListValue.of(port)),
        "endpoints");
  }

  void publishAuthentication() {
    put(
        CONFIG_MAPS,
        object("ConfigMap", "v1", "kube-system", "extension-apiserver-authentication").with("data", facts.authentication()),
        "data");
  }

  /// Makes or renews the Lease by which this server is known.
  void renewIdentity() {
    Instant now = registry.clock().instant();
    Optional<ObjectValue> live = registry.find(LEASES, "kube-system", identity);
    if (live.isPresent()) {
      registry.update(
          Registry.SYSTEM_ACTOR,
          LEASES,
          "",
          "kube-system",
          identity,
          o -> o.withAt(Value.of(MICROS.format(now)), "spec", "renewTime"));
      return;
    }
    ObjectValue labels =
        ObjectValue.builder().put("apiserver.kubernetes.io/identity", "kube-apiserver").put("kubernetes.io/hostname", hostname()).build();
    ObjectValue spec =
        ObjectValue.builder()
            .put("holderIdentity", identity + "_" + UUID.randomUUID())
            .put("leaseDurationSeconds", LEASE_SECONDS)
            .put("renewTime", MICROS.format(now))
            .build();
    createOnce(
        Registry.SYSTEM_ACTOR,
        LEASES,
        object("Lease", "coordination.k8s.io/v1", "kube-system", identity).withAt(labels, "metadata", "labels").with("spec", spec));
  }

  private void put(GroupResource resource, ObjectValue wanted, String field) {
    String namespace = wanted.string("metadata", "namespace");
    String name = wanted.string("metadata", "name");
    Optional<ObjectValue> live = registry.find(resource, namespace, name);
    Value value = wanted.at(field);
    if (live.isEmpty()) {
      createOnce(Registry.SYSTEM_ACTOR, resource, wanted);
    } else if (value != null && !value.equals(live.get().at(field))) {
      registry.update(Registry.SYSTEM_ACTOR, resource, "", namespace, name, current -> current.with(field, value));
    }
  }

  // Looks first: what is there already may not pass as new, such as a Service whose address is taken, by itself.
  private void createOnce(Actor actor, GroupResource resource, ObjectValue object) {
    if (registry.find(resource, object.string("metadata", "namespace"), object.string("metadata", "name")).isPresent()) {
      return;
    }
    try {
      registry.create(actor, resource, object);
    } catch (ApiException e) {
      if (!e.status().reason().equals("AlreadyExists")) {
        throw e;
      }
    }
  }

  private static ObjectValue object(String kind, String apiVersion, String namespace, String name) {
    ObjectValue metadata = ObjectValue.builder().put("name", name).build();
    return ObjectValue.builder()
        .put("kind", kind)
        .put("apiVersion", apiVersion)
        .put("metadata", namespace.isEmpty() ? metadata : metadata.with("namespace", namespace))
        .build();
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
    } catch (UnknownHostException _) {
      return "localhost";
    }
  }

  /// The first 16 bytes of SHA-256 over the host and the server's name, in lower-case base32.
  private static String identityHash(String hostname) {
    byte[] digest;
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(hostname.getBytes(StandardCharsets.UTF_8));
      digest = sha.digest("kube-apiserver".getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
    var out = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (int i = 0; i < 16; i++) {
      buffer = buffer << 8 | digest[i] & 0xff;
      bits += 8;
      while (bits >= 5) {
        out.append(BASE32.charAt(buffer >> (bits - 5) & 31));
        bits -= 5;
      }
    }
    if (bits > 0) {
      out.append(BASE32.charAt(buffer << (5 - bits) & 31));
    }
    return out.toString().toLowerCase(Locale.ROOT);
  }
}
