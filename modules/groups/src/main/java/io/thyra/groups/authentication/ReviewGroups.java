package io.thyra.groups.authentication;

import io.thyra.groups.Group;
import io.thyra.groups.Reviews;
import io.thyra.model.Failure;
import io.thyra.model.GroupResource;
import java.util.List;

/// `authentication.k8s.io` and `authorization.k8s.io`: questions that are answered at once.
public final class ReviewGroups {
  private ReviewGroups() {}

  public static void declareAuthentication(Group group, Reviews reviews) {
    declare(group, reviews, "authentication.k8s.io", List.of("tokenreviews", "selfsubjectreviews"));
  }

  public static void declareAuthorization(Group group, Reviews reviews) {
    declare(
        group,
        reviews,
        "authorization.k8s.io",
        List.of("subjectaccessreviews", "selfsubjectaccessreviews", "localsubjectaccessreviews", "selfsubjectrulesreviews"));
  }

  private static void declare(Group group, Reviews reviews, String name, List<String> plurals) {
    for (String plural : plurals) {
      var resource = new GroupResource(name, plural);
      group.resource(
          plural,
          r ->
              r.action(
                  reviews
                      .find(resource)
                      .orElse(
                          (_, _, _, _) -> {
                            throw new Failure.MethodNotSupported(resource, "create").toException();
                          })));
    }
  }
}
