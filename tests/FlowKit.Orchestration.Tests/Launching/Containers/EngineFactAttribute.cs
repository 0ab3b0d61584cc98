namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>A fact that needs a container engine, and says so when there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineFactAttribute : FactAttribute
{
    public EngineFactAttribute() => Skip = EngineFixture.WhyMissing;
}
