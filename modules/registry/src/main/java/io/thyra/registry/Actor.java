package io.thyra.registry;

import io.thyra.model.UserInfo;

/// A program inside the server that writes objects.
///
/// @param manager the name under which managedFields record what it wrote
public record Actor(UserInfo user, String manager) {}
