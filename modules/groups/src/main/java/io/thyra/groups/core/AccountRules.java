package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.machinery.Names;
import io.thyra.model.Failure;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GroupKind;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.registry.Metadata;
import io.thyra.registry.RequestContext;
import io.thyra.registry.Subresource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Service accounts, and the tokens that are asked of them.
/// Source: pkg/registry/core/serviceaccount, pkg/apis/authentication/validation/validation.go.
final class AccountRules {
  private static final GroupResource ACCOUNTS = new GroupResource("", "serviceaccounts");
  private static final GroupKind REQUEST = new GroupKind("authentication.k8s.io", "TokenRequest");
  private static final String ENFORCE = "kubernetes.io/enforce-mountable-secrets";
  private static final long SECONDS_MIN = 600;
  private static final long SECONDS_MAX = 1L << 32;

  private AccountRules() {}

  static void declare(Group.Declaration r, GroupDependencies needs) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksNameOnUpdate()
        .onCreate((_, account) -> cleanSecrets(account))
        .onUpdate((_, account, _) -> cleanSecrets(account))
        .warns(AccountRules::warnings);
    var body = new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest");
    r.action("token", body, new Tokens(needs));
  }

  private static ObjectValue cleanSecrets(ObjectValue account) {
    return account.changeList(
        "secrets", all -> all.mapObjects(s -> ObjectValue.of("name", new StringValue(s.string("name")))));
  }

  private static List<String> warnings(ObjectValue account, @Nullable ObjectValue old) {
    boolean had = old != null && old.object("metadata", "annotations").has(ENFORCE);
    return had || !account.object("metadata", "annotations").has(ENFORCE)
        ? List.of()
        : List.of(
            "metadata.annotations["
                + ENFORCE
                + "]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets");
  }

  /// Tokens of an account. Source: pkg/registry/core/serviceaccount/storage/token.go.
  private record Tokens(GroupDependencies needs) implements Subresource.Action.Handler {
    private ObjectValue account(String namespace, String name) {
      return needs.objects().find(ACCOUNTS, namespace, name).orElseThrow(() -> new Failure.NotFound(ACCOUNTS, name).toException());
    }

    @Override
    public ObjectValue prepare(RequestContext context, String namespace, String name, ObjectValue request) {
      requireNames(request, namespace, name);
      String uid = Metadata.uid(account(namespace, name));
      String asked = Metadata.uid(request);
      if (!asked.isEmpty() && !asked.equals(uid)) {
        String why = "the UID in the token request (" + asked + ") does not match the UID of the service account (" + uid + ")";
        throw new Failure.Conflict(new GroupResource(REQUEST.group(), REQUEST.kind()), name, why).toException();
      }
      ObjectValue named = Metadata.with(Metadata.with(request, "name", name), "namespace", namespace);
      named = Metadata.with(Metadata.with(named, "uid", uid), "creationTimestamp", Metadata.time(context.now()));
      if (named.list("spec", "audiences").isEmpty()) {
        named = named.withAt(ListValue.ofStrings(needs.tokens().audiences()), "spec", "audiences");
      }
      var errors = new ArrayList<FieldError>();
      lifetime(named, errors);
      if (!errors.isEmpty()) {
        throw new Failure.Invalid(REQUEST, "", errors).toException();
      }
      return named;
    }

    @Override
    public ObjectValue create(RequestContext context, String namespace, String name, ObjectValue request) {
      return needs.tokens().issue(context, account(namespace, name), request);
    }
  }

  private static void requireNames(ObjectValue request, String namespace, String name) {
    ObjectValue metadata = request.object("metadata");
    FieldPath path = FieldPath.of("metadata");
    String ownName = metadata.string("name");
    if (!ownName.isEmpty() && !ownName.equals(name)) {
      throw new Failure.Invalid(
              REQUEST, name, List.of(FieldError.invalid(path.child("name"), ownName, "must match the service account name if specified")))
          .toException();
    }
    String ownNamespace = metadata.string("namespace");
    if (!ownNamespace.isEmpty() && !ownNamespace.equals(namespace)) {
      throw new Failure.Invalid(
              REQUEST,
              name,
              List.of(FieldError.invalid(path.child("namespace"), ownNamespace, "must match the service account namespace if specified")))
          .toException();
    }
  }

  private static void lifetime(ObjectValue request, List<FieldError> errors) {
    FieldPath path = FieldPath.of("spec", "expirationSeconds");
    long seconds = request.integer(SECONDS_MIN, "spec", "expirationSeconds");
    if (seconds < SECONDS_MIN) {
      errors.add(FieldError.invalid(path, seconds, "may not specify a duration less than 10 minutes"));
    }
    if (seconds > SECONDS_MAX) {
      errors.add(FieldError.invalid(path, seconds, "may not specify a duration larger than 2^32 seconds"));
    }
  }
}
