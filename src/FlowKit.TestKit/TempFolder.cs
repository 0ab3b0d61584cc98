namespace FlowKit.TestKit;

/// <summary>A folder that goes away with the test.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Its full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("flowkit-test-").FullName;

    /// <summary>Writes a text file, making the folders above it.</summary>
    /// <param name="name">Its path in the folder.</param>
    /// <param name="text">Its text.</param>
    /// <returns>Its full path.</returns>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <inheritdoc/>
    public void Dispose() => UnfinishedFolder.Remove(Path);
}
