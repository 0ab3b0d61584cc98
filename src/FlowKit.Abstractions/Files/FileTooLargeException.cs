namespace FlowKit;

/// <summary>Thrown for a file that is larger than it may be, or has grown so while it was read.</summary>
public sealed class FileTooLargeException : IOException
{
    /// <summary>Makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="length">The bytes that it has, or had when the limit was reached.</param>
    /// <param name="limit">The bytes that it may have.</param>
    public FileTooLargeException(string path, long length, long limit)
        : base($"'{path}' has {length} bytes; at most {limit} are read") => Length = length;

    /// <summary>The bytes that it has, or had when the limit was reached.</summary>
    public long Length { get; }
}
