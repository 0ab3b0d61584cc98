namespace Aspire.Hosting.Running;

/// <summary>A fact about an app host that runs.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AppHostFactAttribute : FactAttribute
{
    public AppHostFactAttribute() => Skip = File.Exists(Programs.Orchestrator)
        ? null
        : $"Aspire's orchestrator is not there for this platform: {Programs.Orchestrator}.";
}
