namespace FlowKit.Imaging.Uris;

/// <summary>The files and hosts that a <c>uri</c> may name.</summary>
public interface IUriOptions
{
    /// <summary>Folders with files that may be read, relative to the flow.</summary>
    IReadOnlyList<string> Roots { get; }

    /// <summary>Hosts that may be asked.</summary>
    IReadOnlyList<string> Hosts { get; }

    /// <summary>The most bytes of one file, body or data URI.</summary>
    long MaxBytes { get; }

    /// <summary>Milliseconds for one fetch, from a host or from a disk.</summary>
    int FetchTimeout { get; }
}
