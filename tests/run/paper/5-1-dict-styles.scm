;; Both uses of dictionaries in the paper (sections 5.1 and 5.2): a new
;; dictionary from `dict-set`, and a changed one from `dict-set!`.
;; expect: 42
;; expect: #f
;; expect: (b . 2)
;; expect: 1
(define d (make-dict))
(dict-set! d 'key 42)
(print (dict-ref d 'key))
(define meters (let loop ((meters (make-dict))) (dict-set (dict-set meters 'a 1) 'b 2)))
(print (dict-ref d 'a))
(print (assq 'b (dict->list meters)))
(print (dict-ref meters 'a))
