package io.thyra.launcher;

import io.thyra.authentication.AccountTokens;
import io.thyra.groups.TokenIssuer;
import io.thyra.model.ApiException;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersion;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import io.thyra.registry.RequestContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Answers TokenRequests: finds what a token is to be bound to, decides how long it lives, and signs it.
/// Source: kubernetes pkg/registry/core/serviceaccount/storage/token.go.
final class AccountTokenIssuer implements TokenIssuer {
  private static final GroupResource PODS = new GroupResource("", "pods");
  private static final GroupResource SECRETS = new GroupResource("", "secrets");
  private static final GroupResource NODES = new GroupResource("", "nodes");
  // What the kubelet asks for; such a token lives a year, and says when it should have ended.
  private static final long PROJECTED_SECONDS = 3607;
  private static final Duration EXTENDED = Duration.ofDays(365);

  private final Supplier<Registry> registry;
  private final AccountTokens tokens;
  private final boolean extend;
  private final Duration expirationMax;

  /// @param expirationMax the longest life of a token; zero for no limit
  AccountTokenIssuer(Supplier<Registry> registry, AccountTokens tokens, boolean extend, Duration expirationMax) {
    this.registry = registry;
    this.tokens = tokens;
    this.extend = extend;
    this.expirationMax = expirationMax;
  }

  @Override
  public List<String> audiences() {
    return tokens.audiences();
  }

  @Override
  public ObjectValue issue(RequestContext context, ObjectValue account, ObjectValue request) {
    String namespace = account.string("metadata", "namespace");
    String name = account.string("metadata", "name");
    String uid = account.string("metadata", "uid");
    List<String> asked = request.list("spec", "audiences").strings();
    List<String> audiences = asked.isEmpty() ? tokens.audiences() : asked;
    AccountTokens.Binding binding = bind(request.object("spec", "boundObjectRef"), namespace, name);
    long seconds = request.integer(0, "spec", "expirationSeconds");
    if (!expirationMax.isZero() && seconds > expirationMax.toSeconds()) {
      context.warn("requested expiration of " + seconds + " seconds shortened to " + expirationMax.toSeconds() + " seconds");
      seconds = expirationMax.toSeconds();
    }
    Duration life = Duration.ofSeconds(seconds);
    Duration warnAfter = Duration.ZERO;
    boolean ours = tokens.audiences().containsAll(audiences);
    if (extend && seconds == PROJECTED_SECONDS && binding.bound().equals("Pod") && ours) {
      warnAfter = life;
      life = EXTENDED;
    }
    Instant now = registry.get().clock().instant();
    String id = UUID.randomUUID().toString();
    String token =
        tokens.issue(
            id,
            namespace,
            name,
            uid,
            audiences,
            life,
            new AccountTokens.Binding(
                binding.bound(), binding.boundName(), binding.boundUid(), binding.nodeName(), binding.nodeUid(), warnAfter));
    context.audit("authentication.kubernetes.io/issued-credential-id", "JTI=" + id);
    ObjectValue status =
        ObjectValue.builder()
            .put("token", token)
            .put("expirationTimestamp", now.plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS).toString())
            .build();
    ObjectValue named = Metadata.with(Metadata.with(request, "name", name), "namespace", namespace);
    named = Metadata.with(Metadata.with(named, "uid", uid), "creationTimestamp", Metadata.time(now));
    return named
        .withAt(ListValue.ofStrings(audiences), "spec", "audiences")
        .withAt(Value.of(seconds), "spec", "expirationSeconds")
        .with("status", status);
  }

  private AccountTokens.Binding bind(ObjectValue reference, String namespace, String account) {
    if (reference.isEmpty()) {
      return AccountTokens.Binding.NONE;
    }
    String kind = reference.string("kind");
    String name = reference.string("name");
    GroupVersion version = GroupVersion.parse(reference.string("apiVersion"));
    boolean core = version.group().isEmpty();
    if (core && name.isEmpty() && List.of("Pod", "Node", "Secret").contains(kind)) {
      throw new Failure.BadRequest("Name parameter required.").toException();
    }
    if (core && kind.equals("Pod")) {
      ObjectValue pod = registry.get().get(PODS, namespace, name);
      if (!pod.string("spec", "serviceAccountName").equals(account)) {
        throw new Failure.BadRequest(
                "cannot bind token for serviceaccount " + GoText.quote(account) + " to pod running with different serviceaccount name.")
            .toException();
      }
      checkUid(reference, pod, "Pod");
      String node = pod.string("spec", "nodeName");
      Optional<ObjectValue> found = node.isEmpty() ? Optional.empty() : registry.get().find(NODES, "", node);
      return new AccountTokens.Binding(
          kind, name, uidOf(pod), node, found.map(AccountTokenIssuer::uidOf).orElse(""), Duration.ZERO);
    }
    if (core && kind.equals("Secret")) {
      ObjectValue secret = registry.get().get(SECRETS, namespace, name);
      checkUid(reference, secret, "Secret");
      return new AccountTokens.Binding(kind, name, uidOf(secret), "", "", Duration.ZERO);
    }
    if (core && kind.equals("Node")) {
      ObjectValue node = registry.get().get(NODES, "", name);
      checkUid(reference, node, "Node");
      return new AccountTokens.Binding("", "", "", name, uidOf(node), Duration.ZERO);
    }
    throw new Failure.BadRequest("cannot bind token to object of type " + version.group() + "/" + version.version() + ", Kind=" + kind).toException();
  }

  private static void checkUid(ObjectValue reference, ObjectValue object, String kind) {
    String wanted = reference.string("uid");
    if (!wanted.isEmpty() && !wanted.equals(uidOf(object))) {
      throw new ApiException(
          new Failure.Conflict(
              new GroupResource("", kind),
              reference.string("name"),
              "the UID in the bound object reference (" + wanted + ") does not match the UID in record. The object might have been deleted and then recreated"));
    }
  }

  private static String uidOf(ObjectValue object) {
    return object.string("metadata", "uid");
  }
}
