package io.thyra.ingress;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Failure;
import io.thyra.model.GoText;

/// The text of a 403. Source: apiserver pkg/endpoints/handlers/responsewriters/errors.go.
final class Refusal {
  private Refusal() {}

  static Failure.Forbidden of(AuthorizationAttributes asked, String reason) {
    String text = escape(text(asked));
    return new Failure.Forbidden(asked.groupResource(), asked.name(), reason.isEmpty() ? text : text + ": " + reason);
  }

  private static String text(AuthorizationAttributes asked) {
    var out = new StringBuilder(120);
    out.append("User ").append(GoText.quote(asked.user().name())).append(" cannot ").append(asked.verb());
    if (!asked.resourceRequest()) {
      return out.append(" path ").append(GoText.quote(asked.path())).toString();
    }
    String resource = asked.subresource().isEmpty() ? asked.resource() : asked.resource() + "/" + asked.subresource();
    out.append(" resource ").append(GoText.quote(resource)).append(" in API group ").append(GoText.quote(asked.group()));
    if (asked.namespace().isEmpty()) {
      out.append(" at the cluster scope");
    } else {
      out.append(" in the namespace ").append(GoText.quote(asked.namespace()));
    }
    return out.toString();
  }

  /// Keeps a text from being taken for HTML.
  static String escape(String text) {
    if (text.indexOf('&') < 0 && text.indexOf('<') < 0 && text.indexOf('>') < 0) {
      return text;
    }
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
