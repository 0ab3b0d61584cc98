namespace FlowKit.Configuration.Launching;

/// <summary>A folder or file of this machine that a container sees.</summary>
/// <param name="Source">Its full path here.</param>
/// <param name="Target">Its path in the container.</param>
/// <param name="IsReadOnly">Whether it cannot be written there.</param>
public sealed record VolumeConfig(string Source, string Target, bool IsReadOnly);
