package io.thyra.admission;

import io.thyra.machinery.NameGenerator;
import io.thyra.machinery.PodSecrets;
import io.thyra.model.ApiException;
import io.thyra.model.BooleanValue;
import io.thyra.model.GroupResource;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Every pod runs as a service account that exists, and has a token of it where it is not told otherwise.
/// Source: kubernetes plugin/pkg/admission/serviceaccount/admission.go.
final class ServiceAccount implements Plugin {
  private static final String DEFAULT_NAME = "default";
  private static final String VOLUME_PREFIX = "kube-api-access-";
  private static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String MIRROR = "kubernetes.io/config.mirror";
  private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";
  private static final int TOKEN_MODE = 0644;
  private static final int TOKEN_SECONDS = 3607;
  // The default account of a new namespace is made by a controller: it is waited for.
  private static final int DEFAULT_ATTEMPTS = 10;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(150);
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  // Upstream has the singular here.
  private static final GroupResource NOT_FOUND = new GroupResource("", "serviceaccount");

  private final Registry registry;
  private final NameGenerator names;
  private final Consumer<Duration> pause;

  /// @param pause waits on the thread of the request
  ServiceAccount(Registry registry, NameGenerator names, Consumer<Duration> pause) {
    this.registry = registry;
    this.names = names;
    this.pause = pause;
  }

  @Override
  public boolean handles(AdmissionAttributes attributes) {
    return Resources.writes(attributes)
        && Resources.isKind(attributes, "", "Pod")
        && Resources.is(attributes, Resources.PODS)
        && (attributes.subresource().isEmpty() || attributes.subresource().equals("ephemeralcontainers"));
  }

  @Override
  public AdmissionAttributes mutate(AdmissionAttributes attributes) {
    if (!Resources.creates(attributes)) {
      return attributes;
    }
    ObjectValue pod = Resources.object(attributes);
    if (isMirror(pod)) {
      validate(attributes);
      return attributes;
    }
    ObjectValue spec = pod.object("spec");
    String name = accountName(spec);
    if (name.isEmpty()) {
      name = DEFAULT_NAME;
    }
    // The old name of the field is still printed.
    spec = spec.with("serviceAccountName", name).with("serviceAccount", name);
    ObjectValue account = account(attributes, name);
    if (mounts(spec, account)) {
      spec = withToken(spec);
    }
    if (spec.list("imagePullSecrets").isEmpty() && !account.list("imagePullSecrets").isEmpty()) {
      spec = spec.with("imagePullSecrets", account.list("imagePullSecrets").mapObjects(ServiceAccount::named));
    }
    AdmissionAttributes changed = attributes.withObject(pod.with("spec", spec));
    validate(changed);
    return changed;
  }

  private static ObjectValue named(ObjectValue reference) {
    return reference.has("name") ? ObjectValue.of("name", new StringValue(reference.string("name"))) : ObjectValue.EMPTY;
  }

  private static String accountName(ObjectValue spec) {
    String name = spec.string("serviceAccountName");
    return name.isEmpty() ? spec.string("serviceAccount") : name;
  }

  private static boolean isMirror(ObjectValue pod) {
    return pod.object("metadata", "annotations").has(MIRROR);
  }

  private static boolean mounts(ObjectValue spec, ObjectValue account) {
    Value own = spec.get("automountServiceAccountToken");
    Value shared = own instanceof BooleanValue ? own : account.get("automountServiceAccountToken");
    return shared != BooleanValue.FALSE;
  }

  private ObjectValue account(AdmissionAttributes attributes, String name) {
    try {
      return account(attributes.namespace(), name);
    } catch (ApiException e) {
      throw Refusal.forbidden(
          attributes, "error looking up service account " + attributes.namespace() + "/" + name + ": " + e.getMessage());
    }
  }

  private ObjectValue account(String namespace, String name) {
    Optional<ObjectValue> found = registry.peek(Resources.SERVICE_ACCOUNTS, namespace, name);
    int attempts = name.equals(DEFAULT_NAME) ? DEFAULT_ATTEMPTS : 1;
    for (int i = 0; found.isEmpty() && i < attempts; i++) {
      if (i > 0) {
        pause.accept(BETWEEN_ATTEMPTS);
      }
      Resources.checkName(name);
      found = registry.find(Resources.SERVICE_ACCOUNTS, namespace, name);
    }
    return found.orElseThrow(() -> Refusal.notFound(NOT_FOUND, name));
  }

  // The token.

  private ObjectValue withToken(ObjectValue spec) {
    Optional<String> existing =
        spec.list("volumes").objects().stream().map(v -> v.string("name")).filter(n -> n.startsWith(VOLUME_PREFIX)).findFirst();
    String name = existing.orElseGet(() -> names.generate(VOLUME_PREFIX));
    ObjectValue mount = ObjectValue.builder().put("name", name).put("readOnly", true).put("mountPath", MOUNT_PATH).build();
    ObjectValue mounted = PodContainers.change(spec, PodContainers.INIT, c -> withMount(c, mount));
    mounted = PodContainers.change(mounted, PodContainers.PLAIN, c -> withMount(c, mount));
    // Nothing that mounts it, no volume.
    boolean needed =
        mounted.get(PodContainers.INIT) != spec.get(PodContainers.INIT)
            || mounted.get(PodContainers.PLAIN) != spec.get(PodContainers.PLAIN);
    return existing.isPresent() || !needed ? mounted : mounted.with("volumes", mounted.list("volumes").plus(tokenVolume(name)));
  }

  private static ObjectValue withMount(ObjectValue container, ObjectValue mount) {
    ListValue mounts = container.list("volumeMounts");
    boolean taken = mounts.objects().stream().anyMatch(m -> m.string("mountPath").equals(MOUNT_PATH));
    return taken ? container : container.with("volumeMounts", mounts.plus(mount));
  }

  private static ObjectValue tokenVolume(String name) {
    ObjectValue token =
        ObjectValue.builder().put("expirationSeconds", TOKEN_SECONDS).put("path", "token").build();
    ObjectValue authority =
        ObjectValue.builder()
            .put("name", "kube-root-ca.crt")
            .put("items", ListValue.of(ObjectValue.builder().put("key", "ca.crt").put("path", "ca.crt").build()))
            .build();
    ObjectValue namespace =
        ObjectValue.builder()
            .put("path", "namespace")
            .put("fieldRef", ObjectValue.builder().put("apiVersion", "v1").put("fieldPath", "metadata.namespace").build())
            .build();
    ListValue sources =
        ListValue.of(
            ObjectValue.of("serviceAccountToken", token),
            ObjectValue.of("configMap", authority),
            ObjectValue.of("downwardAPI", ObjectValue.of("items", ListValue.of(namespace))));
    ObjectValue projected = ObjectValue.builder().put("sources", sources).put("defaultMode", TOKEN_MODE).build();
    return ObjectValue.builder().put("name", name).put("projected", projected).build();
  }

  // What may be stored.

  @Override
  public void validate(AdmissionAttributes attributes) {
    ObjectValue pod = Resources.object(attributes);
    if (Resources.updates(attributes)) {
      if (attributes.subresource().equals("ephemeralcontainers")) {
        validateEphemeral(attributes, pod);
      }
      return;
    }
    if (isMirror(pod)) {
      validateMirror(attributes, pod.object("spec"));
      return;
    }
    ObjectValue account = namedAccount(attributes, pod);
    if (enforces(account)) {
      MountableSecrets.of(account).findProblem(pod.object("spec")).ifPresent(why -> refuse(attributes, why));
    }
  }

  private static void refuse(AdmissionAttributes attributes, String why) {
    throw Refusal.forbidden(attributes, why);
  }

  private ObjectValue namedAccount(AdmissionAttributes attributes, ObjectValue pod) {
    String name = accountName(pod.object("spec"));
    if (name.isEmpty()) {
      throw Refusal.forbidden(
          attributes, "no service account specified for pod " + attributes.namespace() + "/" + Metadata.name(pod));
    }
    return account(attributes, name);
  }

  private void validateEphemeral(AdmissionAttributes attributes, ObjectValue pod) {
    ObjectValue account = namedAccount(attributes, pod);
    if (enforces(account)) {
      MountableSecrets.of(account)
          .findEphemeralProblem(pod.object("spec"))
          .ifPresent(
              why -> {
                throw Refusal.plain(why);
              });
    }
  }

  private static boolean enforces(ObjectValue account) {
    return TRUE.contains(account.object("metadata", "annotations").string(ENFORCE));
  }

  private static void validateMirror(AdmissionAttributes attributes, ObjectValue spec) {
    if (!accountName(spec).isEmpty()) {
      throw Refusal.forbidden(attributes, "a mirror pod may not reference service accounts");
    }
    if (!PodSecrets.of(spec).isEmpty()) {
      throw Refusal.forbidden(attributes, "a mirror pod may not reference secrets");
    }
    boolean projects =
        spec.list("volumes").objects().stream()
            .flatMap(v -> v.list("projected", "sources").objects().stream())
            .anyMatch(s -> s.has("serviceAccountToken"));
    if (projects) {
      throw Refusal.forbidden(attributes, "a mirror pod may not use ServiceAccountToken volume projections");
    }
  }
}
