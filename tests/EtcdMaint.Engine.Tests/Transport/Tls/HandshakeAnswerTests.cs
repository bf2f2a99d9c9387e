using EtcdMaint.Engine.Transport.Tls;

namespace EtcdMaint.Engine.Tests.Transport.Tls;

/// <summary>What the first bytes of a server show, however the network divides them.</summary>
public sealed class HandshakeAnswerTests
{
    private static readonly byte[] ServerHello = [0x16, 3, 3, 0, 4, 2, 0, 0, 0];
    private static readonly byte[] UnknownCa = [0x15, 3, 3, 0, 2, 2, 48];
    private static readonly byte[] UnrecognizedNameWarning = [0x15, 3, 3, 0, 2, 1, 112];
    private static readonly byte[] EncryptedAlert = [0x15, 3, 3, 0, 26, .. new byte[26]];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void An_alert_after_the_part_of_the_server_is_read(int piece)
    {
        HandshakeAnswer answer = Read(
            [.. UnrecognizedNameWarning, .. ServerHello, .. ServerHello, .. UnknownCa],
            piece
        );
        Assert.True(answer.IsTls);
        Assert.True(answer.HasBegun);
        Assert.Equal((byte)48, answer.Alert);
    }

    [Fact]
    public void An_alert_without_a_part_of_the_server_refuses_the_whole_handshake()
    {
        HandshakeAnswer answer = Read([0x15, 3, 3, 0, 2, 2, 70]);
        Assert.True(answer.IsTls);
        Assert.False(answer.HasBegun);
        Assert.Equal((byte)70, answer.Alert);
    }

    [Fact]
    public void An_encrypted_alert_and_an_incomplete_one_are_not_read()
    {
        Assert.Null(Read([.. ServerHello, .. EncryptedAlert]).Alert);
        Assert.Null(Read([.. ServerHello, .. UnknownCa[..^1]]).Alert);
    }

    [Fact]
    public void Text_and_silence_are_not_TLS()
    {
        HandshakeAnswer text = Read("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        Assert.False(text.IsTls || text.IsEmpty || text.HasBegun);
        HandshakeAnswer silence = Read([]);
        Assert.True(silence.IsEmpty);
        Assert.False(silence.IsTls);
    }

    private static HandshakeAnswer Read(byte[] bytes, int piece = 1000)
    {
        var answer = new HandshakeAnswer();
        foreach (byte[] part in bytes.Chunk(piece))
            answer.Add(part);
        return answer;
    }
}
