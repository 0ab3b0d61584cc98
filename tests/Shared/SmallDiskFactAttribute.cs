namespace FlowKit.Tests;

/// <summary>A fact that needs a <see cref="SmallDisk"/>, and says so where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.WhyMissing;
}
