/// The loops that run inside an API server: what every server makes at start-up, and the few controllers without which a
/// newcomer's namespace would not go away or have an account. Start reading at [io.thyra.controllers.Loop].
@NullMarked
package io.thyra.controllers;

import org.jspecify.annotations.NullMarked;
