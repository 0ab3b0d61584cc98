using System.ComponentModel.DataAnnotations;
using FlowKit.Imaging;
using FlowKit.Imaging.Uris;

namespace FlowKit.Executors;

/// <summary>The options of an <see cref="ImageDecoderExecutor"/>.</summary>
public sealed class ImageDecoderOptions : IUriOptions
{
    /// <summary>Folders that a <c>uri</c> may name files in, relative to the flow; none by default, so no file is read.</summary>
    public IReadOnlyList<string> Roots { get; set; } = [];

    /// <summary>
    /// Hosts (with port, when not 80 or 443) that a <c>uri</c> may be fetched from; none by default. <c>*</c> means every host with
    /// a public address; a host named here may also have a private one.
    /// </summary>
    public IReadOnlyList<string> Hosts { get; set; } = [];

    /// <summary>The most pixels of an image; a larger one is refused from its header.</summary>
    [Range(1, 1_000_000_000)]
    public long MaxPixels { get; set; } = 100_000_000;

    /// <summary>The most pixels of all images of one request; those that would be more are refused from their headers.</summary>
    [Range(1, 1_000_000_000_000)]
    public long MaxRequestPixels { get; set; } = 2_000_000_000;

    /// <summary>The most bytes read from a file or a host.</summary>
    [Range(1, 2_000_000_000)]
    public long MaxBytes { get; set; } = 64 << 20;

    /// <summary>The time limit of a fetch in milliseconds, redirects and body included.</summary>
    [Range(1, 3_600_000)]
    public int FetchTimeout { get; set; } = 10_000;

    /// <summary>The handling of the EXIF orientation: <c>ignore</c>, as CLIP's own pipelines do, or <c>apply</c>.</summary>
    public ExifOrientation Exif { get; set; } = ExifOrientation.Ignore;

    /// <summary>
    /// The most pixels of the longer side of a JPEG thumbnail, which is put as a data URI into <c>tags.thumbnail</c>; 0, the default, for
    /// none.
    /// </summary>
    [Range(0, 1024)]
    public int Thumbnail { get; set; }

    /// <summary>The access path of the documents to decode; <c>@r,c</c> decodes chunks too.</summary>
    public string AccessPaths { get; set; } = "@r";
}
