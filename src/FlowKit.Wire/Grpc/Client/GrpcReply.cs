namespace FlowKit.Wire.Grpc.Client;

/// <summary>One message answered, with what was said beside it.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="Message">The message.</param>
/// <param name="Headers">The metadata before it.</param>
/// <param name="Trailers">The metadata after it.</param>
public sealed record GrpcReply<T>(T Message, GrpcMetadata Headers, GrpcMetadata Trailers);
