namespace EtcdMaint.Cmdlets;

/// <summary>Completes member IDs.</summary>
public sealed class MemberIdCompleter : MemberCompleter
{
    private protected override string Text(EtcdMember member) => member.MemberId;
}
