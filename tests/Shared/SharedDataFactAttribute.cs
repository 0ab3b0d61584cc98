namespace FlowKit.Tests;

/// <summary>A fact that needs a folder of the shared data, and says so when it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string folder = "data") => Skip = SharedData.WhyMissing(folder);
}
