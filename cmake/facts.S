// The facts about AWS's services, as they stand in server/aws/models.
        .section .rodata
        .globl ringi_facts
ringi_facts:
        .incbin "facts.txt"
        .section .note.GNU-stack, "", %progbits
