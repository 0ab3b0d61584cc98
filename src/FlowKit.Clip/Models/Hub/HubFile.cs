namespace FlowKit.Clip.Models.Hub;

/// <summary>The properties of a file on a hub, known before its download.</summary>
/// <param name="Address">The address of the file's bytes.</param>
/// <param name="Tag">The entity tag, which changes with the content.</param>
/// <param name="Bytes">Its length, where the hub says so.</param>
/// <param name="Sha256">Its SHA-256, where the hub says so.</param>
/// <param name="Commit">The commit that the revision stands for, where the hub says so.</param>
internal sealed record HubFile(Uri Address, string Tag, long? Bytes, string? Sha256, string? Commit);
