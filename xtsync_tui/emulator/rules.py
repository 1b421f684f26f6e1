"""The rules of a job, compiled from its schema and settings for a cycle or a run on demand."""

from xtsync_tui.emulator.job import Job
from xtsync_tui.emulator.state import Tenant, World
from xtsync_tui.engine.expressions import Context
from xtsync_tui.engine.rules import Rules, compile_rules


def rules_of(world: World, job: Job, target: Tenant) -> Rules:
    """Compile the schema of ``job`` as it is now, with the scope in force."""
    context = Context(
        now=world.clock.now,
        random=world.random,
        default_domain=job.source.domain,
        taken=lambda name: target.user_named(name) is not None,
    )
    return compile_rules(
        job.schema, sync_all=job.everyone, context=context, target_domain=target.initial_domain
    )
