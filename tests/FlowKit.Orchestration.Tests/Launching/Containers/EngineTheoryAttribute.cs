namespace FlowKit.Orchestration.Launching.Containers;

/// <summary>A theory that needs a container engine, and says so when there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EngineTheoryAttribute : TheoryAttribute
{
    public EngineTheoryAttribute() => Skip = EngineFixture.WhyMissing;
}
