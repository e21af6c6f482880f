/// Disruption budgets. Start reading at [io.thyra.groups.policy.PolicyGroup].
@NullMarked
package io.thyra.groups.policy;

import org.jspecify.annotations.NullMarked;
