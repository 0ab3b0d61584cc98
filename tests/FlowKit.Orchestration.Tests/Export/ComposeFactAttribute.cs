using FlowKit.Orchestration.Launching.Containers;

namespace FlowKit.Orchestration.Export;

/// <summary>A fact that needs docker compose and an engine, and says what is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ComposeFactAttribute : FactAttribute
{
    public ComposeFactAttribute() => Skip = EngineFixture.WhyMissing ?? Command.WhyMissing("docker", "compose", "version");
}
