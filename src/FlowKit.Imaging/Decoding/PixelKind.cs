namespace FlowKit.Imaging.Decoding;

/// <summary>The kind of an opened picture's pixels, which decides how they become RGB.</summary>
/// <param name="Sample">The type of a sample.</param>
/// <param name="Bands">Samples of a pixel.</param>
internal readonly record struct PixelKind(SampleType Sample, int Bands)
{
    /// <summary>The interpretation that libvips gives colours in CIE L*a*b*.</summary>
    private const int Lab = 13;
    private const int LabShort = 21;
    private const int Cmyk = 15;

    /// <summary>The number by which libvips names what the samples mean.</summary>
    public int Interpretation { get; init; }

    /// <summary>
    /// Indicates gray of 16 bits that is cut off at 255, with or without a transparent value; otherwise its high byte counts.
    /// </summary>
    public bool IsWideGray { get; init; }

    /// <summary>Indicates colours that are multiplied by their alpha.</summary>
    public bool IsAssociated { get; init; }

    /// <summary>Indicates inks instead of lights.</summary>
    public bool IsCmyk => Interpretation == Cmyk;

    /// <summary>Indicates pixels that are RGB as they are.</summary>
    public bool IsPlain => this is { Sample: SampleType.Byte, Bands: 3, IsLab: false };

    /// <summary>The name of what is not supported about the pixels; <see langword="null"/> where all is.</summary>
    public string? Unsupported => this switch
    {
        { IsLab: true } => "CIE L*a*b* colours",
        { Bands: 1, Sample: SampleType.SignedByte or SampleType.Double or SampleType.Complex or SampleType.DoubleComplex }
            => $"{SampleName} samples",
        { Bands: > 1, Sample: not (SampleType.Byte or SampleType.UInt16) } => $"{Bands} bands of {SampleName} samples",
        { Bands: < 1 } => "no bands",
        _ => null,
    };

    private bool IsLab => Interpretation is Lab or LabShort;

    private string SampleName => Sample switch
    {
        SampleType.SignedByte => "signed 8-bit",
        SampleType.Int16 => "signed 16-bit",
        SampleType.UInt32 => "unsigned 32-bit",
        SampleType.Int32 => "signed 32-bit",
        SampleType.Float => "32-bit floating-point",
        SampleType.Double => "64-bit floating-point",
        _ => "complex",
    };
}
